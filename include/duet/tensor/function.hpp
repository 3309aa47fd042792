// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pass.hpp>
#include <duet/tensor/elementwise.hpp>
#include <duet/tensor/lazy.hpp>
#include <duet/tensor/pass.hpp>

/// Formulas as functions of tensors and numbers, with their graphs.
namespace duet::tensor {

/// The function that a formula is. The inputs of its graphs are first the tensors, then the numbers.
template <class L>
struct Function;
template <auto F, class T, class P, class... S, class... Leaf>
struct Function<Lazy<F, Slots<T, P, S...>, Leaf...>> {
  using L = Lazy<F, Slots<T, P, S...>, Leaf...>;
  using number = T;
  using place = P;
  static constexpr int tensors = (0 + ... + (is_tensor<S> ? 1 : 0)), numbers = sizeof...(S) - tensors;

  struct Primal {
    static constexpr graph::Graph make() {
      graph::Recorder r;
      const graph::List<int> inputs = graph::inputs(r, tensors + numbers);
      graph::List<int> leaves, values;
      (leaves.push_back(r.constant(expr::known_number<Leaf>)), ...);
      int tensor = 0, number = tensors;
      (values.push_back(inputs[is_tensor<S> ? tensor++ : number++]), ...);
      const int y = L::formula.record(r, leaves.data(), values.data());
      return graph::extract(r, {L::formula.is_condition() ? r.emit<op::Where>(y, r.constant(1), r.constant(0)) : y});
    }
  };

  static Tensors<T, P> tensors_of(const L& lazy) {
    Tensors<T, P> result;
    result.reserve(tensors);
    const auto add = [&](const auto& slot) {
      if constexpr (is_tensor<std::remove_cvref_t<decltype(slot)>>) result.push_back(slot);
    };
    std::apply([&](const auto&... slot) { (add(slot), ...); }, lazy.values.all);
    return result;
  }
  static void numbers_of(const L& lazy, T* to) {
    const auto add = [&](const auto& slot) {
      if constexpr (!is_tensor<std::remove_cvref_t<decltype(slot)>>) *to++ = static_cast<T>(slot);
    };
    std::apply([&](const auto&... slot) { (add(slot), ...); }, lazy.values.all);
  }
};

/// The graph of the cotangents of `tensors` inputs. The cotangent of the result comes after the tensors, before the
/// numbers.
template <class Fn>
struct PullbackOf {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> inputs = graph::inputs(r, Fn::tensors + 1 + Fn::numbers);
    graph::List<int> arguments;
    for (int k = 0; k < Fn::tensors + Fn::numbers; ++k) arguments.push_back(inputs[k < Fn::tensors ? k : k + 1]);
    const int y = graph::splice(r, graph::Frozen<typename Fn::Primal>::graph, arguments)[0];
    graph::PartialsOf partial(r);
    const int w = inputs[Fn::tensors];
    return graph::extract(r, graph::reverse(partial, graph::first_inputs(Fn::tensors), {y}, {w}));
  }
};

/// The graph of the value and of the partial derivatives by the tensors.
template <class Fn>
struct PartialsAndValue {
  static constexpr graph::Graph make() {
    graph::Recorder r(graph::Frozen<typename Fn::Primal>::graph, 0);
    const graph::List<int> y = graph::outputs_of(graph::Frozen<typename Fn::Primal>::graph);
    graph::PartialsOf partial(r);
    graph::List<int> outputs = graph::reverse(partial, graph::first_inputs(Fn::tensors), y, {r.constant(1)});
    outputs.push_back(y[0]);
    return graph::extract(r, outputs);
  }
};

/// The name of the operation that a function of elements ends with.
template <class Fn>
std::string name_of() {
  return node_name(graph::thaw(graph::Frozen<typename Fn::Primal>::graph));
}

/// The shape to which tensors broadcast.
template <class Fn, class T, class P>
Shape whole_of(const Tensors<T, P>& x) {
  Shape whole = x[0].shape();
  for (std::size_t k = 1; k < x.size(); ++k) {
    if (x[k].shape() != whole) whole = broadcast(name_of<Fn>(), whole, x[k].shape());
  }
  return whole;
}

/// A function's arguments.
template <class Fn>
struct Arguments {
  using T = typename Fn::number;
  using P = typename Fn::place;
  static constexpr int n = Fn::tensors, p = Fn::numbers;

  Tensors<T, P> tensors;
  T numbers[p > 0 ? p : 1];
  Shape whole;

  /// `numbers` has to be written yet.
  explicit Arguments(Tensors<T, P> x) : tensors(std::move(x)), whole(whole_of<Fn>(tensors)) {}
};

/// Those of a formula.
template <class L>
auto arguments_of(const L& lazy) {
  using Fn = Function<L>;
  Arguments<Fn> result(Fn::tensors_of(lazy));
  Fn::numbers_of(lazy, result.numbers);
  return result;
}

/// The shape that a formula's value would have.
template <class L>
Shape shape_of(const L& lazy) {
  return whole_of<Function<L>>(Function<L>::tensors_of(lazy));
}

}  // namespace duet::tensor
