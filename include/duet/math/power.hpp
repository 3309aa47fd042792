// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The general power.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/rounding.hpp"

namespace duet::math {

namespace constant {

constexpr double pow(double x, double y) {
  using namespace detail;
  if (y == 0 || x == 1) return 1.0;
  if (isnan(x) || isnan(y)) return not_a_number;
  const double a = abs(x);
  if (isinf(y)) return a == 1 ? 1.0 : ((a > 1) == (y > 0) ? infinity : 0.0);
  const bool integer = trunc(y) == y, odd = integer && abs(y) < 0x1p53 && trunc(0.5 * y) != 0.5 * y;
  const double sign = odd && signbit(x) ? -1.0 : 1.0;
  if (a == 0 || isinf(a)) return copysign((a > 1) == (y > 0) ? infinity : 0.0, sign);
  if (x < 0 && !integer) return not_a_number;
  // |log a| >= 2^-53 unless a == 1, so beyond 2^64 only the direction matters; clamping keeps the product in range.
  const double exponent = abs(y) < 0x1p64 ? y : copysign(0x1p64, y);
  const DoubleDouble z = detail::log(DoubleDouble{a}) * exponent;
  if (abs(z.hi) > 746) return copysign(z.hi > 0 ? infinity : 0.0, sign);
  const double magnitude = to_double(detail::exp(z));
  return copysign(magnitude, sign);
}

}  // namespace constant

/// x^y with the special cases of IEEE 754, usable in constant expressions.  Constant error below 0.5001 ulp: the
/// exponential of y log x, both in double-double.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T pow(T x, T y) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::pow(static_cast<double>(x), static_cast<double>(y)));
  }
  return std::pow(x, y);
}

}  // namespace duet::math
