// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/traced.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/lines.hpp>

/// Functions of several operations on single elements, for the rules of operations and for losses. Like `apply`, they
/// are recorded at run time and compiled once, and they take one pass.
namespace duet::tensor {

/// The graph of `F`, a callable without state that takes `N` numbers, recorded when it is first used.
template <class F, int N>
const std::shared_ptr<const graph::Graph>& graph_of_elements() {
  static const std::shared_ptr<const graph::Graph> graph = [] {
    graph::Recorder r;
    Traced x[N];
    for (Traced& one : x) one = Traced(r, r.input());
    const Traced y = [&]<std::size_t... K>(std::index_sequence<K...>) { return Traced(F{}(x[K]...)); }
    (std::make_index_sequence<N>{});
    return std::make_shared<const graph::Graph>(graph::extract(r, {y.node(r)}));
  }();
  return graph;
}

/// The shape to which all inputs broadcast.
template <class T, class P>
Shape broadcast_all(const std::string& operation, const Tensors<T, P>& inputs) {
  Shape whole;
  for (const Tensor<T, P>& input : inputs) whole = broadcast(operation, whole, input.shape());
  return whole;
}

/// `f`, a callable without state, on the elements of tensors and numbers, which broadcast. Recorded.
template <class F, class T, class P, class... X>
Tensor<T, P> composed(F, const Tensor<T, P>& x, const X&... more) {
  const auto& graph = graph_of_elements<F, 1 + sizeof...(X)>();
  const Tensors<T, P> inputs{x, Tensor<T, P>(more)...};
  return elementwise<T, P>(graph, inputs, broadcast_all(node_name(*graph), inputs));
}

}  // namespace duet::tensor
