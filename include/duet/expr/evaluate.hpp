// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/expr/expression.hpp>

/// Evaluating expressions, and what one does with free-standing ones as formulas.
namespace duet {
namespace expr {

template <class T, class Tuple>
struct widened;
template <class T, class... S>
struct widened<T, std::tuple<S...>> : std::common_type<T, S...> {};

template <class X>
inline constexpr bool is_mixed = false;
template <class... X>
inline constexpr bool is_mixed<std::tuple<X...>> = (expression<X> || ...);

/// Runs the graph that `Maker` makes on the leaves of some rows (arrays or tuples), one after the other. Where one of them
/// is an expression the results are expressions, in a tuple; else numbers of the rows' common type, in an array.
template <class Maker, class T, class... Rows>
[[gnu::always_inline]] constexpr auto run(const Rows&... rows) {
  if constexpr ((is_mixed<Rows> || ...)) {
    return std::apply(
        []<class... E>(const E&... e) {
          return [&]<int... K>(std::integer_sequence<int, K...>) {
            return std::tuple(Output<Maker, K, E...>(e...)...);
          }(std::make_integer_sequence<int, graph::Frozen<Maker>::extent.outputs>{});
        },
        std::tuple_cat(std::apply(
            [](const auto&... x) { return std::tuple(ExpressionEngine::as_expression(x)...); }, rows)...));
  } else {
    constexpr std::size_t n = (std::tuple_size_v<Rows> + ... + 0);
    T x[n > 0 ? n : 1];
    T* out = x;
    (std::apply([&](const auto&... value) { ((*out++ = T(value)), ...); }, rows), ...);
    return graph::execute<graph::Frozen<Maker>>(static_cast<const T*>(x));
  }
}

template <class E, class... X>
constexpr auto call(const E& e, const X&... x) {
  const auto captured = e.template captured<Free>();
  using Maker = Lowered<sizeof...(X), Free, E>;
  if constexpr ((expression<X> || ...) || is_mixed<std::remove_const_t<decltype(captured)>>) {
    return std::get<0>(run<Maker, void>(std::tuple<X...>(x...), captured));
  } else {
    using T = typename widened<std::common_type_t<double, X...>, std::remove_const_t<decltype(captured)>>::type;
    return run<Maker, T>(std::tuple<X...>(x...), captured)[0];
  }
}

/// The graph of a free-standing expression with its captured values as constants.
template <class E>
constexpr graph::Graph graph_of(const E& e) {
  graph::Recorder r;
  const std::vector<int> arguments = graph::inputs(r, E::arity);
  std::vector<int> captured;
  std::apply([&](const auto&... value) { (captured.push_back(r.constant(static_cast<double>(value))), ...); },
             e.template captured<Free>());
  Lowering to{r, arguments, captured};
  const int node = lower<E, Free>(to);
  return graph::extract(r, {node});
}

}  // namespace expr

/// Argument number `I` of a free-standing expression.
template <int I>
inline constexpr expr::Argument<I> arg{};

/// The derivative of `e` with respect to the argument `x`, again an expression.
template <expr::expression E, int I>
constexpr auto diff(const E& e, expr::Argument<I>) {
  return expr::Derivative<E, I>(e);
}

/// Whether two expressions have the same graph once simplified. Both must be free of captured values (write numbers as
/// `2_c`), since only what the types say can be compared.
template <expr::expression A, expr::expression B>
constexpr bool same(const A&, const B&) {
  static_assert(A::template captures<expr::Free> == 0 && B::template captures<expr::Free> == 0,
                "duet: same() compares expressions without run-time values; write their numbers as 2_c");
  graph::Recorder r;
  const std::vector<int> arguments = graph::inputs(r, expr::largest({A::arity, B::arity}));
  const std::vector<int> captured;
  expr::Lowering to{r, arguments, captured};
  const int a = expr::lower<A, expr::Free>(to);
  return a == expr::lower<B, expr::Free>(to);
}

}  // namespace duet
