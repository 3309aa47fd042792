// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The derivatives of the normalised sinc function.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/trigonometric.hpp"

namespace duet::math {

namespace detail {

/// sin z / z for z = pi a, and its derivative of order k with respect to z.  The recurrence
/// z s_j + j s_(j-1) = sin(z + j pi/2), from differentiating z s_0 = sin z, is stable forwards while j <= z, and
/// backwards from any start far enough above z.
constexpr double unnormalised_sinc(int k, double a) {
  const double turn = constant::fmod(a, 2.0), quadrant = constant::round(2 * turn);
  const double rest = pi.hi * (turn - 0.5 * quadrant), z = pi.hi * a;
  const double s = math::sin(rest), c = math::cos(rest);
  const double cycle[] = {s, c, -s, -c};
  const int first = static_cast<int>(quadrant);
  if (z >= k && z > 0) {
    double value = cycle[first % 4] / z;
    for (int j = 1; j <= k; ++j) value = (cycle[(first + j) % 4] - j * value) / z;
    return value;
  }
  int start = k;
  for (double decay = 1; decay > 0x1p-60; decay *= z / start) ++start;
  double value = 0;
  for (int j = start; j > k; --j) value = (cycle[(first + j) % 4] - z * value) / j;
  return value;
}

}  // namespace detail

/// The derivative of order k of sin(pi x) / (pi x), 0 <= k <= 600 (NaN outside), in constant expressions and at run
/// time: double precision, whatever T.  The error is below 2^-50 times the maximum pi^k / (k + 1) of the derivative,
/// for all x, 0 included.
template <std::floating_point T>
constexpr T sinc(int k, T x) {
  const double a = constant::abs(static_cast<double>(x));
  if (constant::isnan(a) || k < 0 || k > 600) return std::numeric_limits<T>::quiet_NaN();
  if (constant::isinf(a)) return T(0);
  const double derivative = detail::unnormalised_sinc(k, a) * detail::power(detail::pi, static_cast<unsigned>(k)).hi;
  return detail::narrow<T>(k % 2 != 0 && x < 0 ? -derivative : derivative);
}

}  // namespace duet::math
