// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// log, log2, log10 and log1p.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/table.hpp"

namespace duet::math {

namespace detail {

DUET_TABLE double inverse_odd[] = {1.0, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11};

/// log(1 + u) for 0.7 < 1 + u < 1.42, with a relative error below 2^-80.  The series of 2 atanh(u / (2 + u)) gives 34
/// bits; with e = e^y - 1, the step 2 (u - e) / (2 + u + e) of Halley's method for e^y = 1 + u triples them.
constexpr DoubleDouble log1p_near_zero(DoubleDouble u) {
  const double s = u.hi / (2 + u.hi), y = 2 * s * polynomial(s * s, inverse_odd);
  const DoubleDouble e = expm1_near_zero({y});
  return fast_two_sum(y, 2 * (u - e).hi / (2 + (u.hi + e.hi)));
}

/// log(x) / ln 2 as an integer and a remainder.
struct SplitLogarithm {
  int exponent;
  DoubleDouble natural;
};

constexpr SplitLogarithm split_log(DoubleDouble x) {
  Scaled s = normalised(x);
  if (s.value.hi > 1.4142) s = {times_power_of_two(s.value, -1), s.exponent + 1};
  return {s.exponent, log1p_near_zero(two_sum(s.value.hi - 1, s.value.lo))};
}

/// log(x) for finite x > 0, with a relative error below 2^-80.
constexpr DoubleDouble log(DoubleDouble x) {
  const SplitLogarithm s = split_log(x);
  return ln2 * s.exponent + s.natural;
}

/// log(1 + u) for finite u > -1, with a relative error below 2^-80 for normal numbers.
constexpr DoubleDouble log1p(DoubleDouble u) { return u.hi > -0.29 && u.hi < 0.41 ? log1p_near_zero(u) : log(u + 1.0); }

}  // namespace detail

namespace constant {

constexpr double log(double x) {
  using namespace detail;
  if (x == 0) return -infinity;
  if (x < 0) return not_a_number;
  return isfinite(x) ? detail::log(DoubleDouble{x}).hi : x;
}

constexpr double log2(double x) {
  using namespace detail;
  if (x == 0) return -infinity;
  if (x < 0) return not_a_number;
  if (!isfinite(x)) return x;
  const SplitLogarithm s = split_log({x});
  return (ln2_reciprocal * s.natural + static_cast<double>(s.exponent)).hi;
}

constexpr double log10(double x) {
  using namespace detail;
  if (x == 0) return -infinity;
  if (x < 0) return not_a_number;
  return isfinite(x) ? (detail::log(DoubleDouble{x}) * DoubleDouble{0.4342944819032518, 1.098319650216765e-17}).hi : x;
}

constexpr double log1p(double x) {
  using namespace detail;
  if (x == -1) return -infinity;
  if (x < -1) return not_a_number;
  if (!isfinite(x) || abs(x) < 0x1p-54) return x;
  return detail::log1p(DoubleDouble{x}).hi;
}

}  // namespace constant

/// The natural logarithm, usable in constant expressions; -inf at zero, NaN below.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T log(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::log(static_cast<double>(x)));
  return std::log(x);
}

/// The logarithm to base 2, usable in constant expressions.  Constant error below 0.5001 ulp, exact for powers of two.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T log2(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::log2(static_cast<double>(x)));
  return std::log2(x);
}

/// The logarithm to base 10, usable in constant expressions.  Constant error below 0.5001 ulp, exact for powers of ten.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T log10(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::log10(static_cast<double>(x)));
  return std::log10(x);
}

/// log(1 + x) without cancellation near zero, usable in constant expressions; -inf at -1, NaN below.  Constant error
/// below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T log1p(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::log1p(static_cast<double>(x)));
  return std::log1p(x);
}

}  // namespace duet::math
