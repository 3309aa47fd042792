// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// exp, exp2 and expm1.  Coefficients are reciprocal factorials, computed with mpmath.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/table.hpp"

namespace duet::math {

namespace detail {

DUET_TABLE DoubleDouble exp_leading[] = {
    {0.5, 0.0}, {0.16666666666666666, 9.25185853854297e-18}, {0.041666666666666664, 2.3129646346357427e-18}};
DUET_TABLE double exp_rest[] = {0.008333333333333333, 0.001388888888888889,   0.0001984126984126984,
                                2.48015873015873e-05, 2.7557319223985893e-06, 2.755731922398589e-07,
                                2.505210838544172e-08};

/// e^r - 1 for |r| <= 0.36, with a relative error below 2^-84: the Taylor series at r / 16, then four times
/// e^2q - 1 = m (m + 2) for m = e^q - 1.
constexpr DoubleDouble expm1_near_zero(DoubleDouble r) {
  const DoubleDouble q = times_power_of_two(r, -4);
  DoubleDouble m = q + q * q * polynomial(q, exp_leading, polynomial(q.hi, exp_rest));
  for (int i = 0; i < 4; ++i) m = m * (m + 2.0);
  return m;
}

/// e^x for |x| <= 100000, with a relative error below 2^-84.
constexpr Scaled exp(DoubleDouble x) {
  const double k = constant::round(x.hi * ln2_reciprocal.hi);
  return {expm1_near_zero(x - ln2 * k) + 1.0, static_cast<int>(k)};
}

}  // namespace detail

namespace constant {

constexpr double exp(double x) {
  using namespace detail;
  if (isnan(x)) return x;
  if (x > 710) return infinity;
  if (x < -746) return 0.0;
  return to_double(detail::exp(DoubleDouble{x}));
}

constexpr double exp2(double x) {
  using namespace detail;
  if (isnan(x)) return x;
  if (x >= 1024) return infinity;
  if (x < -1076) return 0.0;
  const double k = round(x);
  return to_double(expm1_near_zero(ln2 * (x - k)) + 1.0, static_cast<int>(k));
}

constexpr double expm1(double x) {
  using namespace detail;
  if (isnan(x) || abs(x) < 0x1p-54) return x;
  if (x > 710) return infinity;
  if (x < -45) return -1.0;
  if (abs(x) < 0.35) return expm1_near_zero({x}).hi;
  const Scaled e = detail::exp(DoubleDouble{x});
  if (x > 100) return to_double(e);
  return (times_power_of_two(e.value, e.exponent) - 1.0).hi;
}

}  // namespace constant

/// e^x, usable in constant expressions.  Constant error below 0.5001 ulp: reduction by multiples of ln 2 and a Taylor
/// series in double-double; overflow above 709.78, gradual underflow below -708.4.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T exp(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::exp(static_cast<double>(x)));
  return std::exp(x);
}

/// 2^x, usable in constant expressions.  Constant error below 0.5001 ulp, exact for integers.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T exp2(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::exp2(static_cast<double>(x)));
  return std::exp2(x);
}

/// e^x - 1 without cancellation near zero, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T expm1(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::expm1(static_cast<double>(x)));
  return std::expm1(x);
}

}  // namespace duet::math
