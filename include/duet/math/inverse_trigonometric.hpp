// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// asin, acos, atan and atan2.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/roots.hpp"
#include "duet/math/trigonometric.hpp"

namespace duet::math {

namespace detail {

/// atan(t) / t as a polynomial in t^2 on [0, 1], to 2^-20: a Chebyshev fit computed with mpmath.
inline constexpr double atan_fit[] = {0.99999923,  -0.33325678,  0.1987204,   -0.13447864,
                                      0.083126453, -0.036360431, 0.0076483539};

/// The angle of (x, y) for x >= y >= 0 and x near 1, with a relative error below 2^-75: the fitted angle, and the small
/// angle q left after turning the vector back by it, of which q - q^3 / 3 has its arc tangent.
constexpr DoubleDouble first_octant(DoubleDouble y, DoubleDouble x) {
  const double t = y.hi / x.hi, guess = t * polynomial(t * t, atan_fit);
  const DoubleDouble s = sin_near_zero({guess}), c = cos_near_zero({guess});
  const DoubleDouble q = (y * c - x * s) / (x * c + y * s);
  return q - q.hi * q.hi * q.hi / 3 + guess;
}

/// The angle of (x, y) for y >= 0, the larger magnitude being near 1.
constexpr DoubleDouble upper_angle(DoubleDouble y, DoubleDouble x) {
  const DoubleDouble a = x.hi < 0 ? -x : x;
  const DoubleDouble acute = y.hi <= a.hi ? first_octant(y, a) : half_pi - first_octant(a, y);
  return x.hi < 0 ? pi - acute : acute;
}

/// sqrt(1 - x^2) for |x| <= 1.
constexpr DoubleDouble other_leg(double x) {
  const DoubleDouble square = two_sum(1.0, -x) * two_sum(1.0, x);
  return square.hi == 0 ? DoubleDouble{} : detail::sqrt(square);
}

}  // namespace detail

namespace constant {

constexpr double atan2(double y, double x) {
  using namespace detail;
  if (isnan(x) || isnan(y)) return not_a_number;
  if (y == 0) return signbit(x) ? copysign(pi.hi, y) : y;
  if (isinf(y)) return copysign(isinf(x) ? (x > 0 ? 0.5 : 1.5) * half_pi.hi : half_pi.hi, y);
  if (x == 0) return copysign(half_pi.hi, y);
  if (isinf(x)) return copysign(x > 0 ? 0.0 : pi.hi, y);
  const Binary v = decompose(abs(y)), h = decompose(x);
  const int rise = v.exponent - h.exponent;
  if (rise > 60) return copysign(half_pi.hi, y);
  if (rise < -60) {
    if (x < 0) return copysign(pi.hi, y);
    return copysign(to_double(DoubleDouble{v.mantissa} / DoubleDouble{h.mantissa}, rise), y);
  }
  const DoubleDouble angle = rise > 0 ? upper_angle({v.mantissa}, {h.mantissa * power_of_two(-rise)})
                                      : upper_angle({v.mantissa * power_of_two(rise)}, {h.mantissa});
  return copysign(angle.hi, y);
}

constexpr double atan(double x) {
  using namespace detail;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  return copysign(atan2(abs(x), 1.0), x);
}

constexpr double asin(double x) {
  using namespace detail;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  if (abs(x) > 1) return not_a_number;
  return copysign(upper_angle({abs(x)}, other_leg(x)).hi, x);
}

constexpr double acos(double x) {
  using namespace detail;
  if (!(abs(x) <= 1)) return not_a_number;
  return upper_angle(other_leg(x), {x}).hi;
}

}  // namespace constant

/// The arc sine in [-pi/2, pi/2], usable in constant expressions; NaN for |x| > 1.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T asin(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::asin(static_cast<double>(x)));
  return std::asin(x);
}

/// The arc cosine in [0, pi], usable in constant expressions; NaN for |x| > 1.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T acos(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::acos(static_cast<double>(x)));
  return std::acos(x);
}

/// The arc tangent in [-pi/2, pi/2], usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T atan(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::atan(static_cast<double>(x)));
  return std::atan(x);
}

/// The angle of the point (x, y) in [-pi, pi] with the special cases of IEEE 754, usable in constant expressions.
/// Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T atan2(T y, T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::atan2(static_cast<double>(y), static_cast<double>(x)));
  }
  return std::atan2(y, x);
}

}  // namespace duet::math
