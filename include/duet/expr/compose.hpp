// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/expression.hpp>
#include <duet/tree/row.hpp>

/// From graphs back to expressions: what a constant graph makes of expressions, and derivatives of expressions.
namespace duet::expr {

/// The rules that are left out while a formula is put together: all.
inline constexpr graph::RuleSet as_written = ~graph::RuleSet{0};

/// The node of a leaf that is input `input`.
template <class Leaf>
constexpr int node_of(graph::Recorder& r, int input) {
  if constexpr (is_known<Leaf>) {
    return r.constant(known_number<Leaf>);
  } else {
    return input;
  }
}

/// Records expressions as functions of new inputs, first for all leaves, then for all values. A leaf that is a number
/// is used as such.
template <class... E>
constexpr graph::List<int> record(graph::Recorder& r) {
  using All = Operands<E...>;
  graph::List<int> leaves = graph::inputs(r, All::leaf_count);
  const graph::List<int> values = graph::inputs(r, All::value_count);
  [&]<int... K>(std::integer_sequence<int, K...>) {
    ((leaves[K] = node_of<typename All::template leaf<K>>(r, leaves[K])), ...);
  }
  (std::make_integer_sequence<int, All::leaf_count>{});

  graph::List<int> results;
  const Operand* place = All::inputs.place;
  const int* value = values.data();
  for (const FormulaView& f : {E::formula...}) {
    graph::List<int> mine;
    for (int k = 0; k < f.leaves; ++k) mine.push_back(leaves[*place++ - first_leaf]);
    results.push_back(f.record(r, mine.data(), value));
    value += f.values;
  }
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
template <auto F, class V, class... Leaf, int I>
struct Derivative<Expression<F, V, Leaf...>, I> : Operands<Expression<F, V, Leaf...>> {
  static constexpr graph::Graph make() {
    graph::Recorder r;
    const graph::List<int> y = record<Expression<F, V, Leaf...>>(r);
    graph::List<int> variables;
    int input = 0;
    ((argument_index<Free, Leaf> == I ? variables.push_back(input++) : void(++input)), ...);
    if (variables.empty()) return graph::extract(r, {graph::none});
    graph::PartialsOf partial(r);
    return graph::extract(r, graph::reverse(partial, variables, y, {r.constant(1)}));
  }
};

/// Output number `Output` of the graph that `Maker` makes of leaves and values, as a formula of those that it needs.
template <class Maker, int Output>
struct Part {
  static constexpr const auto& whole = graph::Frozen<Maker>::graph;
  static constexpr int result = whole.outputs[Output];

  /// Nodes in the order in which they are numbered here.
  struct Nodes {
    int at[result + 1]{};
    int count = 0;
    constexpr void add(int i) { at[count++] = i; }
  };
  struct Needed {
    Nodes leaves, values, steps;
  };
  static constexpr Needed needed = [] {
    bool marks[result + 1]{};
    marks[result] = true;
    for (int i = result; i >= 0; --i) {
      for (int k = 0; marks[i] && k < whole[i].arity(); ++k) marks[whole[i].operand(k)] = true;
    }
    Needed n;
    for (int i = 0; i <= result; ++i) {
      const bool is_value = whole[i].op == graph::Node::input && whole[i].a >= Maker::leaf_count;
      if (marks[i]) (whole[i].op >= 0 ? n.steps : is_value ? n.values : n.leaves).add(i);
    }
    return n;
  }();

  static constexpr auto formula = [] {
    Formula<needed.steps.count> f{needed.leaves.count, needed.values.count};
    Operand here[result + 1]{};
    for (int k = 0; k < needed.leaves.count; ++k) here[needed.leaves.at[k]] = first_leaf + k;
    for (int k = 0; k < needed.values.count; ++k) here[needed.values.at[k]] = first_value + k;
    for (int k = 0; k < needed.steps.count; ++k) {
      const graph::Node n = whole[needed.steps.at[k]];
      const auto operand = [&](int i) { return i < n.arity() ? here[n.operand(i)] : no_operand; };
      f.steps[k] = step(n.op, operand(0), operand(1), operand(2));
      here[needed.steps.at[k]] = first_step + k;
    }
    return f;
  }();

  static constexpr int leaf_count = needed.leaves.count;
  template <int K, graph::Node N = whole[needed.leaves.at[K]]>
  struct leaf_at {
    using type = Number<Double{N.value}>;
  };
  template <int K, graph::Node N>
  requires(N.op == graph::Node::input) struct leaf_at<K, N> {
    using type = typename Maker::template leaf<N.a>;
  };
  template <int K>
  using leaf = typename leaf_at<K>::type;

  /// The values that are needed out of all.
  template <class V>
  static constexpr auto values(const V& all) {
    if constexpr (needed.values.count == 0) {
      return NoValues();
    } else {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return Values<typename V::number, sizeof...(K)>{{all.all[whole[needed.values.at[K]].a - Maker::leaf_count]...}};
      }
      (std::make_integer_sequence<int, needed.values.count>{});
    }
  }
};

template <class Maker, int Output, class V>
constexpr auto part_of(const V& values) {
  using P = Part<Maker, Output>;
  return expression_of<P>(P::values(values));
}

/// The outputs of the graph that `Maker` makes, as a row of expressions.
template <class Maker, class... E>
constexpr auto outputs(const E&... e) {
  const auto values = joined_values(e.values...);
  return [&]<int... K>(std::integer_sequence<int, K...>) {
    return tree::MixedLeaves<decltype(part_of<Application<Maker, E...>, K>(values))...>{
        {part_of<Application<Maker, E...>, K>(values)...}};
  }
  (std::make_integer_sequence<int, graph::Frozen<Maker>::extent.outputs>{});
}

}  // namespace duet::expr
