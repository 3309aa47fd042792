// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/expression.hpp>

/// From graphs back to expressions: what a constant graph makes of expressions, and derivatives of expressions.
namespace duet::expr {

template <class Leaf>
constexpr int node_of(graph::Recorder& r, int input) {
  if constexpr (known_number<Leaf> != nullptr) {
    return r.constant(known_number<Leaf>->value);
  } else {
    return input;
  }
}

/// Records expressions. Leaf k of all of them is input k; where it is a known number, that is used instead.
template <class... E>
constexpr graph::List<int> record(graph::Recorder& r) {
  using All = Operands<E...>;
  graph::List<int> leaves = graph::inputs(r, All::count), results;
  [&]<int... K>(std::integer_sequence<int, K...>) {
    ((leaves[K] = node_of<typename All::template leaf_type<K>>(r, leaves[K])), ...);
  }
  (std::make_integer_sequence<int, All::count>{});
  All::for_each([&](const auto& f, const Operand* place) {
    graph::List<int> mine;
    for (int i = 0; i < f.inputs; ++i) mine.push_back(leaves[place[i] - first_input]);
    results.push_back(f.record(r, mine));
  });
  return results;
}

/// The outputs of the graph that `Maker` makes, applied to expressions.
template <class Maker, class... E>
struct Application : Operands<E...> {
  static constexpr graph::Graph make() {
    graph::Recorder r(as_written);
    const graph::List<int> x = record<E...>(r);
    return graph::extract(r, graph::splice(r, graph::Frozen<Maker>::graph, x));
  }
};

/// The derivative of the free-standing expression `E` with respect to its argument `I`.
template <class E, int I>
struct Derivative;
template <auto F, class... Leaf, int I>
struct Derivative<Expression<F, Leaf...>, I> : Operands<Expression<F, Leaf...>> {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> y = record<Expression<F, Leaf...>>(r);
    graph::List<int> variables;
    const int arguments[] = {argument_index<Free, Leaf>...};
    for (int k = 0; k < F.inputs; ++k) {
      if (arguments[k] == I) variables.push_back(k);
    }
    if (variables.empty()) return graph::extract(r, {graph::none});
    graph::PartialsOf partial(r);
    return graph::extract(r, graph::reverse(partial, variables, y, {r.constant(1)}));
  }
};

/// Output number `Output` of the graph that `Maker` makes of the leaves that it says, as a formula of what it needs.
template <class Maker, int Output>
struct Part {
  static constexpr const auto& whole = graph::Frozen<Maker>::graph;
  static constexpr int size = static_cast<int>(whole.size());
  static constexpr int result = whole.outputs[Output];

  struct Needed {
    int leaves[size]{}, steps[size]{};
    int leaf_count = 0, step_count = 0;
  };
  static constexpr Needed needed = [] {
    bool marks[size]{};
    marks[result] = true;
    for (int i = result; i >= 0; --i) {
      for (int k = 0; marks[i] && k < whole[i].arity(); ++k) marks[whole[i].operand(k)] = true;
    }
    Needed n;
    for (int i = 0; i <= result; ++i) {
      if (!marks[i]) continue;
      if (whole[i].op < 0) {
        n.leaves[n.leaf_count++] = i;
      } else {
        n.steps[n.step_count++] = i;
      }
    }
    return n;
  }();

  static constexpr auto formula = [] {
    Formula<needed.step_count> f{needed.leaf_count};
    Operand at[size]{};
    for (int i = 0; i < needed.leaf_count; ++i) at[needed.leaves[i]] = first_input + i;
    for (int i = 0; i < needed.step_count; ++i) {
      const graph::Node n = whole[needed.steps[i]];
      const auto operand = [&](int k) { return k < n.arity() ? at[n.operand(k)] : no_operand; };
      f.steps[i] = step(n.op, operand(0), operand(1), operand(2));
      at[needed.steps[i]] = first_step + i;
    }
    return f;
  }();

  static constexpr int count = needed.leaf_count;
  template <int K, class Leaves>
  static constexpr auto leaf(const Leaves& leaves) {
    constexpr graph::Node n = whole[needed.leaves[K]];
    if constexpr (n.op == graph::Node::input) {
      return Maker::template leaf<n.a>(leaves);
    } else {
      return Number<Double{n.value}>();
    }
  }
};

/// The outputs of the graph that `Maker` makes, as a row of expressions.
template <class... E>
constexpr tree::MixedLeaves<E...> as_row(const E&... e) {
  return {{e...}};
}
template <class Maker, class... E>
constexpr auto outputs(const E&... e) {
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return as_row(expression_of<Part<Application<Maker, E...>, K>>(join(e.leaves...))...);
  }
  (std::make_integer_sequence<int, graph::Frozen<Maker>::extent.outputs>{});
}

}  // namespace duet::expr
