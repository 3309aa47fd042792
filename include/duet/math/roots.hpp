// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Square root, cube root and the Euclidean norm of two or three numbers.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"

namespace duet::math {

namespace detail {

/// The square root of 1 <= m < 4 to within one unit in the last place: four Newton steps from a straight line.
constexpr double sqrt_near(double m) {
  double y = 0.73342 + 0.32397 * m;
  for (int i = 0; i < 4; ++i) y = 0.5 * (y + m / y);
  return y;
}

/// The square root of a positive double-double of moderate size, by a Newton step in double-double.
constexpr DoubleDouble sqrt(DoubleDouble a) {
  const int e = (decompose(a.hi).exponent & ~1) / 2;
  const double y = sqrt_near(a.hi * power_of_two(-2 * e)) * power_of_two(e);
  const DoubleDouble square = two_prod(y, y);
  return fast_two_sum(y, (((a.hi - square.hi) - square.lo) + a.lo) / (2 * y));
}

/// x^2 with the exponent of x counted from `origin`, 0 where it is too small to matter beside 1.
constexpr DoubleDouble square_from(double x, int origin) {
  if (x == 0) return {};
  const Binary b = decompose(x);
  if (b.exponent < origin - 100) return {};
  return times_power_of_two(two_prod(b.mantissa, b.mantissa), 2 * (b.exponent - origin));
}

}  // namespace detail

namespace constant {

constexpr double sqrt(double x) {
  using namespace detail;
  if (x == 0 || isnan(x) || x == infinity) return x;
  if (x < 0) return not_a_number;
  const Binary b = decompose(x);
  const int odd = b.exponent & 1;
  const double m = odd != 0 ? 2 * b.mantissa : b.mantissa, y = sqrt_near(m), ulp = 0x1p-52;
  // The residual is exact, and a multiple of ulp^2: comparing it with y * ulp decides the rounding without error.
  const DoubleDouble square = two_prod(y, y);
  const double residual = (m - square.hi) - square.lo;
  const double root = residual > y * ulp ? y + ulp : (residual <= -(y * ulp) ? y - ulp : y);
  return root * power_of_two((b.exponent - odd) / 2);
}

constexpr double cbrt(double x) {
  using namespace detail;
  if (x == 0 || !isfinite(x)) return x;
  const Binary b = decompose(abs(x));
  const int third = (b.exponent + 3000) / 3 - 1000;
  const double m = b.mantissa * power_of_two(b.exponent - 3 * third);
  // Halley's iteration triples the digits of a quadratic fit of the cube root on [1, 8].
  double y = 0.81379 + (0.23625 - 0.011159 * m) * m;
  for (int i = 0; i < 3; ++i) y = y * (y * y * y + 2 * m) / (2 * y * y * y + m);
  const DoubleDouble cube = two_prod(y, y) * y;
  const double step = (cube - m).hi / (3 * y * y);
  return copysign((y - step) * power_of_two(third), x);
}

constexpr double hypot(double x, double y, double z) {
  using namespace detail;
  if (isinf(x) || isinf(y) || isinf(z)) return infinity;
  if (isnan(x) || isnan(y) || isnan(z)) return not_a_number;
  const double a = abs(x), b = abs(y), c = abs(z), ab = a > b ? a : b, largest = ab > c ? ab : c;
  if (largest == 0) return 0.0;
  const int origin = decompose(largest).exponent;
  return to_double(detail::sqrt(square_from(a, origin) + square_from(b, origin) + square_from(c, origin)), origin);
}

constexpr double hypot(double x, double y) { return hypot(x, y, 0.0); }

}  // namespace constant

/// The square root, correctly rounded and usable in constant expressions; NaN below zero.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T sqrt(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::sqrt(static_cast<double>(x)));
  return std::sqrt(x);
}

/// The real cube root, usable in constant expressions.  Constant error below 0.5001 ulp: a Newton step in double-double
/// after Halley's iteration.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T cbrt(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::cbrt(static_cast<double>(x)));
  return std::cbrt(x);
}

/// sqrt(x^2 + y^2) without undue overflow, usable in constant expressions; infinite when either argument is, even
/// beside a NaN.  Constant error below 0.5001 ulp: squares and sum in double-double.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T hypot(T x, T y) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::hypot(static_cast<double>(x), static_cast<double>(y)));
  }
  return std::hypot(x, y);
}

/// sqrt(x^2 + y^2 + z^2) without undue overflow; as hypot(x, y).  At run time libstdc++ 12 gives NaN or zero for some
/// arguments that are not finite.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T hypot(T x, T y, T z) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::hypot(static_cast<double>(x), static_cast<double>(y), static_cast<double>(z)));
  }
#ifdef __CUDA_ARCH__
  if constexpr (std::same_as<T, float>) {
    return norm3df(x, y, z);
  } else {
    return norm3d(x, y, z);
  }
#else
  return std::hypot(x, y, z);
#endif
}

}  // namespace duet::math
