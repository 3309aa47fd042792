// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/expression.hpp>

/// From expressions to the graph that is run: their formulas as functions of the arguments of one level, followed by
/// the values that come from outside, which are held values and the arguments of other levels.
namespace duet::expr {

/// Records expression `E` on the nodes of its arguments; `outer` points to those of the values from outside.
template <class E, class Level>
struct Lowering;
template <auto F, class... Leaf, class Level>
struct Lowering<Expression<F, Leaf...>, Level> {
  static constexpr int captures = (0 + ... + is_outer<Level, Leaf>);

  static constexpr int record(graph::Recorder& r, const graph::List<int>& arguments, const int* outer) {
    graph::List<int> nodes;
    (nodes.push_back(node<Leaf>(r, arguments, outer)), ...);
    return F.record(r, nodes);
  }

 private:
  template <class One>
  static constexpr int node(graph::Recorder& r, const graph::List<int>& arguments, const int*& outer) {
    if constexpr (is_outer<Level, One>) {
      return *outer++;
    } else if constexpr (known_number<One> != nullptr) {
      return r.constant(known_number<One>->value);
    } else {
      return arguments[argument_index<Level, One>];
    }
  }
};

/// What a leaf takes from outside when the arguments are those of `Level`: a value in a tuple, or nothing.
template <class Level, class Leaf>
constexpr auto captured_by(const Leaf& leaf) {
  if constexpr (!is_outer<Level, Leaf>) {
    return std::tuple<>();
  } else if constexpr (requires { leaf.value; }) {
    return std::tuple(leaf.value);
  } else {
    return std::tuple<Single<Leaf>>();
  }
}
/// What expressions take from outside, in the order of their leaves.
template <class Level, class... E>
constexpr auto captured(const E&... e) {
  return std::tuple_cat([&]<auto F, class... Leaf>(const Expression<F, Leaf...>& one) {
    if constexpr (Lowering<Expression<F, Leaf...>, Level>::captures == 0) {
      return std::tuple<>();
    } else {
      return [&]<int... K>(std::integer_sequence<int, K...>) {
        return std::tuple_cat(captured_by<Level>(one.leaves.template get<K>())...);
      }
      (std::make_integer_sequence<int, sizeof...(Leaf)>{});
    }
  }(e)...);
}

/// The graph of some expressions as functions of `Arguments` numbers and of what they captured.
template <int Arguments, class Level, class... E>
struct Lowered {
  static constexpr graph::Graph make(graph::RuleSet disabled = 0) {
    graph::Recorder r(disabled);
    const graph::List<int> arguments = graph::inputs(r, Arguments);
    const graph::List<int> captured = graph::inputs(r, (0 + ... + Lowering<E, Level>::captures));
    graph::List<int> outputs;
    const int* outer = captured.data();
    ((outputs.push_back(Lowering<E, Level>::record(r, arguments, outer)), outer += Lowering<E, Level>::captures), ...);
    return graph::extract(r, outputs);
  }
};

}  // namespace duet::expr
