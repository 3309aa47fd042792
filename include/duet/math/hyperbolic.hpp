// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The hyperbolic functions and their inverses, from expm1 and log1p in double-double.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/roots.hpp"

namespace duet::math {

namespace constant {

constexpr double sinh(double x) {
  using namespace detail;
  if (!isfinite(x) || abs(x) < 0x1p-27) return x;
  const double a = abs(x);
  if (a > 711) return copysign(infinity, x);
  if (a < 0.35) {
    const DoubleDouble e = expm1_near_zero({a});
    return copysign(0.5 * (e + e / (e + 1.0)).hi, x);
  }
  const Scaled e = detail::exp(DoubleDouble{a});
  if (a > 40) return copysign(to_double(e.value, e.exponent - 1), x);
  const DoubleDouble value = times_power_of_two(e.value, e.exponent);
  return copysign(0.5 * (value - DoubleDouble{1.0} / value).hi, x);
}

constexpr double cosh(double x) {
  using namespace detail;
  const double a = abs(x);
  if (!isfinite(x)) return a;
  if (a > 711) return infinity;
  const Scaled e = detail::exp(DoubleDouble{a});
  if (a > 40) return to_double(e.value, e.exponent - 1);
  const DoubleDouble value = times_power_of_two(e.value, e.exponent);
  return 0.5 * (value + DoubleDouble{1.0} / value).hi;
}

constexpr double tanh(double x) {
  using namespace detail;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  const double a = abs(x);
  if (a > 22) return copysign(1.0, x);
  if (a < 0.17) {
    const DoubleDouble e = expm1_near_zero({2 * a});
    return copysign((e / (e + 2.0)).hi, x);
  }
  const Scaled e = detail::exp(DoubleDouble{2 * a});
  const DoubleDouble value = times_power_of_two(e.value, e.exponent);
  return copysign(((value - 1.0) / (value + 1.0)).hi, x);
}

constexpr double asinh(double x) {
  using namespace detail;
  if (!isfinite(x) || abs(x) < 0x1p-27) return x;
  const DoubleDouble a{abs(x)};
  if (a.hi > 0x1p60) return copysign((detail::log(a) + ln2).hi, x);
  const DoubleDouble square = two_prod(a.hi, a.hi);
  return copysign(detail::log1p(a + square / (detail::sqrt(square + 1.0) + 1.0)).hi, x);
}

constexpr double acosh(double x) {
  using namespace detail;
  if (!(x >= 1)) return not_a_number;
  if (x == 1) return 0.0;
  if (isinf(x)) return x;
  if (x > 0x1p60) return (detail::log(DoubleDouble{x}) + ln2).hi;
  const DoubleDouble t = two_sum(x, -1.0);
  return detail::log1p(t + detail::sqrt(t * (t + 2.0))).hi;
}

constexpr double atanh(double x) {
  using namespace detail;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  const double a = abs(x);
  if (a > 1) return not_a_number;
  if (a == 1) return copysign(infinity, x);
  return copysign(0.5 * detail::log1p(DoubleDouble{2 * a} / two_sum(1.0, -a)).hi, x);
}

}  // namespace constant

/// The hyperbolic sine, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T sinh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::sinh(static_cast<double>(x)));
  return std::sinh(x);
}

/// The hyperbolic cosine, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T cosh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::cosh(static_cast<double>(x)));
  return std::cosh(x);
}

/// The hyperbolic tangent, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T tanh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::tanh(static_cast<double>(x)));
  return std::tanh(x);
}

/// The inverse hyperbolic sine, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T asinh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::asinh(static_cast<double>(x)));
  return std::asinh(x);
}

/// The non-negative inverse hyperbolic cosine, usable in constant expressions; NaN for x < 1.  Constant error below
/// 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T acosh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::acosh(static_cast<double>(x)));
  return std::acosh(x);
}

/// The inverse hyperbolic tangent, usable in constant expressions; infinite at +-1, NaN for |x| > 1.  Constant error
/// below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T atanh(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::atanh(static_cast<double>(x)));
  return std::atanh(x);
}

}  // namespace duet::math
