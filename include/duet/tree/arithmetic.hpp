// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/piecewise.hpp>
#include <duet/op/power.hpp>
#include <duet/tree/sequence.hpp>

/// Structures as vectors: sums, multiples and inner products, leaf by leaf. Elements that can't be differentiated are
/// taken from the first structure (of `axpy`, from y).
namespace duet {

namespace tree {

/// A structure with numbers in it.
template <class X>
concept numeric_structure = is_container<X> && differentiable<X>;

template <class X, class Y>
[[gnu::always_inline]] constexpr void require_same(const X& x, const Y& y) {
  static_assert(mismatch<X, Y>::fits,
                "duet: structures can be combined leaf by leaf only if they have the same structure");
  require_same_shape(x, y, "duet: structures that are combined leaf by leaf must have the same sizes");
}

/// The number in which sums of products of the leaves of some structures are kept.
template <class... X>
using common_number = typename op::kept<typename common_leaf<X...>::type>::type;

}  // namespace tree

/// The structure of `x` with `f(leaf of x, leaf of y, ...)` in place of its leaves. The others must have the structure
/// of `x`, and at run time its sizes (else `ShapeError`).
template <class F, tree::numeric_structure X, tree::numeric_structure... Y>
constexpr auto map_leaves(F&& f, const X& x, const Y&... y) {
  (tree::require_same(x, y), ...);
  using S = std::invoke_result_t<F&, const typename tree::common_leaf<X>::type&,
                                 const typename tree::common_leaf<Y>::type&...>;
  return tree::map_leaves<typename op::kept<std::remove_cvref_t<S>>::type>(x, f, y...);
}

/// a x + y.
template <operand A, tree::numeric_structure X, tree::numeric_structure Y>
constexpr auto axpy(const A& a, const X& x, const Y& y) {
  return map_leaves([&](const auto& to, const auto& from) { return a * from + to; }, y, x);
}

/// The sum of the products of the leaves of `x` and `y`.
template <tree::numeric_structure X, tree::numeric_structure Y>
constexpr auto dot(const X& x, const Y& y) {
  tree::require_same(x, y);
  tree::common_number<X, Y> sum(0);
  tree::for_each_pair(x, y, [&](const auto& a, const auto& b) { sum = sum + a * b; });
  return sum;
}

/// The Euclidean norm of all leaves. Its derivative at zero is zero.
template <tree::numeric_structure X>
constexpr auto norm(const X& x) {
  using math::sqrt;
  using S = tree::common_number<X>;
  const S square = dot(x, x);
  const S one(1);
  return S(where(square > 0, sqrt(S(where(square > 0, square, one))), S(0)));
}

/// Operators for structures that have none, after `using namespace duet::structure_operators`.
namespace structure_operators {

/// A structure that doesn't come with arithmetic of its own.
template <class X>
concept vector = tree::numeric_structure<X> && !requires {
  tree::Structure<X>::has_arithmetic;
};

template <vector X, vector Y>
constexpr auto operator+(const X& x, const Y& y) {
  return map_leaves([](const auto& a, const auto& b) { return a + b; }, x, y);
}
template <vector X, vector Y>
constexpr auto operator-(const X& x, const Y& y) {
  return map_leaves([](const auto& a, const auto& b) { return a - b; }, x, y);
}
template <vector X>
constexpr auto operator-(const X& x) {
  return map_leaves([](const auto& leaf) { return -leaf; }, x);
}
template <operand A, vector X>
constexpr auto operator*(const A& a, const X& x) {
  return map_leaves([&](const auto& leaf) { return a * leaf; }, x);
}
template <vector X, operand A>
constexpr auto operator*(const X& x, const A& a) {
  return map_leaves([&](const auto& leaf) { return leaf * a; }, x);
}
template <vector X, operand A>
constexpr auto operator/(const X& x, const A& a) {
  return map_leaves([&](const auto& leaf) { return leaf / a; }, x);
}

}  // namespace structure_operators
}  // namespace duet
