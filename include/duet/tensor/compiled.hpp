// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/traced.hpp>
#include <duet/tensor/pass.hpp>
#include <duet/tree/tree.hpp>

/// Functions of numbers on the elements of arrays, compiled and in one pass, in every place: what optimisers change
/// parameters with. Nothing is recorded.
namespace duet::tensor {

/// The graph of `F`, a callable without state that takes `N` numbers and gives one, or a tuple of several.
template <class F, int N>
struct GraphOf {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    Traced x[N];
    for (Traced& one : x) one = Traced(r, r.input());
    const auto y = [&]<std::size_t... K>(std::index_sequence<K...>) { return F{}(x[K]...); }
    (std::make_index_sequence<N>{});
    graph::List<int> outputs;
    tree::for_each_leaf(y, [&](const auto& one) { outputs.push_back(Traced(one).node(r)); });
    return graph::extract(r, outputs);
  }
};

/// An array in a pass: an element for each, or a single one (`single`), which all share if it is read and to which all
/// are added up if it is written.
template <class T>
struct Array {
  T* elements;
  bool is_single = false;

  Array(T* first) : elements(first) {}
  Array(T* only, bool single) : elements(only), is_single(single) {}
};
template <class T>
Array<T> single(T* element) {
  return {element, true};
}

template <class P, class T, class F, int N, int Q, int M>
void compute(const Shape& shape, const Array<const T>* from, const T* numbers, const Array<T>* to) {
  static const Shape number{};
  Pass<T, N, Q, M> pass{};
  pass.whole = &shape;
  pass.numbers = numbers;
  for (int k = 0; k < N; ++k) {
    pass.from[k] = from[k].elements;
    pass.from_shape[k] = from[k].is_single ? &number : &shape;
  }
  for (int k = 0; k < M; ++k) {
    pass.to[k] = to[k].elements;
    pass.to_shape[k] = to[k].is_single ? &number : &shape;
    pass.first[k] = k;
  }
  Elements<P>::template run<GraphOf<F, N + Q>>(pass);
}

/// Computes `f(from..., numbers...)`, where `f` is a callable without state, for each element of a shape; `to` are the
/// results, which may be some of the arrays that are read.
template <class P, class T, class F, int N, int Q, int M>
void compute(F, const Shape& shape, const Array<const T> (&from)[N], const T (&numbers)[Q], const Array<T> (&to)[M]) {
  compute<P, T, F, N, Q, M>(shape, from, numbers, to);
}
template <class P, class T, class F, int N, int M>
void compute(F, const Shape& shape, const Array<const T> (&from)[N], const Array<T> (&to)[M]) {
  compute<P, T, F, N, 0, M>(shape, from, nullptr, to);
}

}  // namespace duet::tensor
