// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/compose.hpp>
#include <duet/expr/lowering.hpp>
#include <duet/tree/row.hpp>

/// Evaluating expressions, and what one does with free-standing ones as formulas.
namespace duet {
namespace expr {

/// Whether some leaf of a row is an expression, and the types of its leaves otherwise.
template <class Row>
struct row_facts {
  static constexpr bool mixed = std::is_void_v<typename Row::number>;
  using numbers = std::tuple<typename Row::number>;
};
template <class Row>
requires(Row::size == 0) struct row_facts<Row> {
  static constexpr bool mixed = false;
  using numbers = std::tuple<>;
};
template <class... S>
requires(sizeof...(S) > 0) struct row_facts<tree::MixedLeaves<S...>> {
  static constexpr bool mixed = (expression<S> || ...);
  using numbers = std::tuple<S...>;
};

template <class Tuple>
struct common_number;
template <class... S>
struct common_number<std::tuple<S...>> : std::common_type<S...> {};

/// Whether some leaf of a row is an expression.
template <class Row>
inline constexpr bool is_mixed = row_facts<Row>::mixed;

/// The type of the numbers that a graph is run in on some rows, `void` if an expression is among their leaves.
template <class... Rows>
struct number_of : common_number<decltype(std::tuple_cat(std::declval<typename row_facts<Rows>::numbers>()...))> {};
template <class... Rows>
requires(is_mixed<Rows> || ...) struct number_of<Rows...> {
  using type = void;
};

/// Runs the graph that `Maker` makes on the leaves of some rows, one after the other, and returns `then(outputs)`.
/// Where a leaf is an expression, so are the outputs; else they are numbers of the type that the rows share.
template <class Maker, class Then, class... Rows>
[[gnu::always_inline]] constexpr auto run(const Then& then, const Rows&... rows) {
  using Row = tree::Joined<void, Rows...>;
  const Row x{{rows...}};
  using T = typename number_of<Rows...>::type;
  if constexpr (std::is_void_v<T>) {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      return then(outputs<Maker>(ExpressionEngine::as_expression(x.template get<I>())...));
    }
    (std::make_integer_sequence<int, Row::size>{});
  } else {
    return graph::execute<graph::Frozen<Maker>, T>(x, then);
  }
}

/// An integer as the number that it is in a computation.
template <class X>
constexpr auto as_number(const X& x) {
  if constexpr (std::integral<X>) {
    return static_cast<double>(x);
  } else if constexpr (integral_constant<X>) {
    return ExpressionEngine::as_expression(x);
  } else {
    return x;
  }
}

template <class E, class... X>
constexpr auto call(const E& e, const X&... x) {
  return run<Lowered<sizeof...(X), Free, E>>(
      [](const auto& y) __attribute__((always_inline)) { return y.template get<0>(); },
      tree::MixedLeaves<decltype(as_number(x))...>{{as_number(x)...}}, outside<Free>(e));
}

/// The graph of a free-standing expression with its values as constants.
template <auto F, class V, class... Leaf>
constexpr graph::Graph graph_of(const Expression<F, V, Leaf...>& e) {
  using E = Expression<F, V, Leaf...>;
  graph::Recorder r;
  const graph::List<int> arguments = graph::inputs(r, E::arity);
  graph::List<int> values;
  if constexpr (V::size > 0) {
    for (const auto& value : e.values.all) values.push_back(r.constant(static_cast<double>(value)));
  }
  return graph::extract(r, {Lowering<E, Free>::record(r, arguments, nullptr, values.data())});
}

}  // namespace expr

/// Argument number `I` of a free-standing expression.
template <int I>
inline constexpr expr::Argument<I> arg{};

/// The derivative of `e` with respect to the argument `x`, again an expression.
template <expr::expression E, int I>
constexpr auto diff(const E& e, expr::Argument<I>) {
  return expr::part_of<expr::Derivative<E, I>, 0>(e.values);
}

/// Whether two expressions have the same graph once simplified. Both must be free of captured values (write numbers as
/// `2_c`), since only what the types say can be compared.
template <expr::expression A, expr::expression B>
constexpr bool same(const A&, const B&) {
  static_assert(A::formula.values == 0 && B::formula.values == 0,
                "duet: same() compares expressions without run-time values; write their numbers as 2_c");
  graph::Recorder r;
  const graph::List<int> arguments = graph::inputs(r, expr::largest({A::arity, B::arity}));
  const int a = expr::Lowering<A, expr::Free>::record(r, arguments, nullptr, nullptr);
  return a == expr::Lowering<B, expr::Free>::record(r, arguments, nullptr, nullptr);
}

}  // namespace duet
