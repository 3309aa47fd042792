// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/rule/dual.hpp>
#include <duet/rule/expression.hpp>
#include <duet/rule/series.hpp>
#include <duet/rule/traced.hpp>
#include <duet/rule/var.hpp>

/// Functions with derivatives of their own.
namespace duet {

namespace rule {

/// Who carries derivatives through functions with their own rule, given the engine of the arguments.
template <class Engine, class... X>
struct path_of;
template <class Leaves>
struct outermost_among;
template <class... Leaf>
struct outermost_among<std::tuple<Leaf...>> : level::outermost<Leaf...> {};
template <class... X>
struct path_of<DualEngine, X...> {
  using type = DualPath<typename outermost_among<all_leaf_types<X...>>::type, X...>;
};
template <class... X>
struct path_of<SeriesEngine, X...> {
  using type = SeriesPath<typename outermost_among<all_leaf_types<X...>>::type, X...>;
};
template <class... X>
struct path_of<VarEngine, X...> {
  using type = VarPath<typename leader<X...>::scalar>;
};
template <class... X>
struct path_of<TracedEngine, X...> {
  using type = TracedPath;
};
template <class... X>
struct path_of<ExpressionEngine, X...> {
  using type = ExpressionPath;
};

template <class... X>
using path = typename path_of<engine_for<X...>, X...>::type;
template <class... X>
inline constexpr bool is_plain = std::same_as<engine_for<X...>, op::Plain>;

/// A function with a rule for tangents. `Depth` counts how often the rule has been recorded inside itself.
template <class F, class Rule, int Depth = 0>
struct CustomJvp {
  using function = F;
  static constexpr int depth = Depth;
  [[no_unique_address]] F f;
  [[no_unique_address]] Rule rule;

  template <class... X>
  constexpr auto operator()(const X&... x) const {
    if constexpr (is_plain<X...>) {
      return f(x...);
    } else {
      return path<X...>::push(*this, x...);
    }
  }
  constexpr CustomJvp<F, Rule, Depth + 1> deeper() const { return {f, rule}; }
};

/// A function with a rule for cotangents.
template <class F, class ForwardRule, class Backward, int Depth = 0>
struct CustomVjp {
  using function = F;
  static constexpr int depth = Depth;
  [[no_unique_address]] F f;
  [[no_unique_address]] ForwardRule forward;
  [[no_unique_address]] Backward backward;

  template <class... X>
  constexpr auto operator()(const X&... x) const {
    if constexpr (is_plain<X...>) {
      return f(x...);
    } else {
      return path<X...>::pull(*this, x...);
    }
  }
  constexpr CustomVjp<F, ForwardRule, Backward, Depth + 1> deeper() const { return {f, forward, backward}; }
};

}  // namespace rule

/// `f` with its derivatives by `rule(primals, tangents)`, which returns std::pair{value, tangent}: the tangent along
/// any direction, linear in it. Of one argument, primals and tangents are values in its structure, of several tuples.
/// Reverse mode transposes the rule. Derivatives of higher order are those of the tangent that the rule returns (those
/// of the value are given by the rule itself). `rule` may take the function itself first, `rule(self, primals,
/// tangents)`, where the tangent depends on the value.
///
/// With plain numbers this is `f`. `f` is called with nothing else, except on the static tape if it can be.
/// Cost: forward mode calls the rule once per direction, `DynamicTape` once per call; on the static tape the elements
/// of the rule's Jacobian become part of the graph.
template <class F, class Rule>
constexpr auto custom_jvp(const F& f, const Rule& rule) {
  return rule::CustomJvp<std::decay_t<F>, std::decay_t<Rule>>{f, rule};
}

/// `f` with its derivatives by `forward(x...)`, which returns std::pair{value, residuals}, and `backward(residuals,
/// cotangent)`, which returns the cotangent of the argument, of several a tuple. The residuals are whatever is worth
/// keeping for the backward function, which is called as often as cotangents are pulled back, and not where none are.
/// Forward mode pulls back a unit cotangent for every number of the value. `forward` may take the function itself
/// first, as in `custom_jvp`.
///
/// Cost: on `DynamicTape` one record, which holds the residuals; on the static tape as with `custom_jvp`.
template <class F, class ForwardRule, class Backward>
constexpr auto custom_vjp(const F& f, const ForwardRule& forward, const Backward& backward) {
  return rule::CustomVjp<std::decay_t<F>, std::decay_t<ForwardRule>, std::decay_t<Backward>>{f, forward, backward};
}

}  // namespace duet
