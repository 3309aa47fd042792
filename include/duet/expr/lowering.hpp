// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/expression.hpp>
#include <duet/tree/row.hpp>

/// From expressions to the graph that is run: their formulas as functions of the arguments of one level, followed by
/// what comes from outside, which is the arguments of other levels and the values.
namespace duet::expr {

template <class E, class Level>
struct Lowering;
template <auto F, class V, class... Leaf, class Level>
struct Lowering<Expression<F, V, Leaf...>, Level> {
  static constexpr int outer = (0 + ... + is_outer<Level, Leaf>);

  /// Records the expression on the nodes of its arguments, of the leaves from outside, and of the values.
  static constexpr int record(graph::Recorder& r, const graph::List<int>& arguments, const int* outside,
                              const int* values) {
    graph::List<int> leaves;
    (leaves.push_back(node<Leaf>(r, arguments, outside)), ...);
    return F.view().record(r, leaves.data(), values);
  }

 private:
  template <class One>
  static constexpr int node(graph::Recorder& r, const graph::List<int>& arguments, const int*& outside) {
    if constexpr (argument_index<Level, One> >= 0) {
      return arguments[argument_index<Level, One>];
    } else if constexpr (is_known<One>) {
      return r.constant(known_number<One>);
    } else {
      return *outside++;
    }
  }
};

/// Those of some leaves that come from outside.
template <class Level, class List>
struct outer_of;
template <class Level, class... Leaf>
struct outer_of<Level, Leaves<Leaf...>> : joined<std::conditional_t<is_outer<Level, Leaf>, Leaves<Leaf>, Leaves<>>...> {
};

/// What comes from outside, as a row: leaves, which are expressions, and then values.
template <class V, class List>
struct Outside;
template <class V, class... Leaf>
struct Outside<V, Leaves<Leaf...>> {
  static constexpr int leaves = sizeof...(Leaf), size = leaves + V::size;
  using number = std::conditional_t<leaves == 0, typename V::number, void>;
  [[no_unique_address]] V values;

  template <int K>
  [[gnu::always_inline]] constexpr decltype(auto) get() const {
    if constexpr (K < leaves) {
      return Single<typename Leaves<Leaf...>::template at<K>>();
    } else {
      return values.template get<K - leaves>();
    }
  }
};

/// What expressions take from outside when their arguments are those of `Level`.
template <class Level, class... E>
constexpr auto outside(const E&... e) {
  using All = typename joined<typename leaves_of<E>::type...>::type;
  const auto values = joined_values(NoValues(), e.values...);
  return Outside<std::remove_const_t<decltype(values)>, typename outer_of<Level, All>::type>{values};
}

/// The graph of some expressions as functions of `Arguments` numbers and of what comes from outside.
template <int Arguments, class Level, class... E>
struct Lowered {
  static constexpr graph::Graph make(graph::RuleSet disabled = 0) {
    graph::Recorder r(disabled);
    const graph::List<int> arguments = graph::inputs(r, Arguments);
    const graph::List<int> outer = graph::inputs(r, (0 + ... + Lowering<E, Level>::outer));
    const graph::List<int> values = graph::inputs(r, (0 + ... + E::formula.values));
    const int *next_outer = outer.data(), *next_value = values.data();
    graph::List<int> outputs;
    ((outputs.push_back(Lowering<E, Level>::record(r, arguments, next_outer, next_value)),
      next_outer += Lowering<E, Level>::outer, next_value += E::formula.values),
     ...);
    return graph::extract(r, outputs);
  }
};

}  // namespace duet::expr
