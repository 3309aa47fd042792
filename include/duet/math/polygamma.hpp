// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The derivatives of log Gamma: digamma and polygamma.  All coefficients computed with mpmath.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/gamma.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/table.hpp"
#include "duet/math/trigonometric.hpp"

namespace duet::math {

namespace detail {

/// -B_2k / 2k, the asymptotic series of digamma(x) - log x + 1/(2x) in x^-2 (Abramowitz and Stegun 6.3.18).
DUET_TABLE DoubleDouble digamma_leading[] = {{-0.08333333333333333, -4.625929269271485e-18},
                                             {0.008333333333333333, 1.1564823173178714e-19},
                                             {-0.003968253968253968, -2.20282346155785e-19}};
DUET_TABLE double digamma_rest[] = {0.004166666666666667, -0.007575757575757576, 0.021092796092796094,
                                    -0.08333333333333333, 0.4432598039215686,    -3.0539543302701198,
                                    26.456212121212122,   -281.46014492753625,   3607.5105463980462,
                                    -54827.583333333336,  974936.8238505747,     -20052695.79668808};

/// B_2j / (2j)!, for the Euler-Maclaurin formula.
DUET_TABLE double euler_maclaurin[] = {0.08333333333333333,    -0.001388888888888889,   3.306878306878307e-05,
                                       -8.267195767195768e-07, 2.08767569878681e-08,    -5.284190138687493e-10,
                                       1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15,
                                       -2.174868698558062e-16, 5.5090028283602295e-18,  -1.3954464685812522e-19};

/// digamma(x) for x off the poles: the recurrence digamma(x) = digamma(x + 1) - 1/x up to 10, the sum of reciprocals as
/// one fraction, and the asymptotic series there.
constexpr DoubleDouble digamma(DoubleDouble x) {
  DoubleDouble numerator{}, denominator{1.0};
  for (; x.hi < 10; x = x + 1.0) {
    numerator = numerator * x + denominator;
    denominator = denominator * x;
  }
  const DoubleDouble inverse = DoubleDouble{1.0} / x, z = inverse * inverse;
  const DoubleDouble series = z * polynomial(z, digamma_leading, polynomial(z.hi, digamma_rest));
  return log(x) - inverse * 0.5 + series - numerator / denominator;
}

/// The sum of (unit / (x + k))^s over k >= 0 for s >= 2 and x off the poles, at which unit <= |x + k|: directly up to
/// x + k >= s + 10, and by the Euler-Maclaurin formula from there (Hurwitz zeta; NIST DLMF 25.11.28).
constexpr DoubleDouble hurwitz_sum(DoubleDouble unit, DoubleDouble x, unsigned s) {
  DoubleDouble sum{};
  for (; x.hi < s + 10.0; x = x + 1.0) {
    const DoubleDouble term = power(unit / x, s);
    if (x.hi > 0 && term.hi < 0x1p-80 * constant::abs(sum.hi)) return sum;
    sum = sum + term;
  }
  double factor = s / x.hi, correction = 0, order = s;
  for (const double c : euler_maclaurin) {
    correction += c * factor;
    factor *= (order + 1) / x.hi * ((order + 2) / x.hi);
    order += 2;
  }
  return sum + power(unit / x, s) * (x / DoubleDouble{s - 1.0} + 0.5 + correction);
}

/// n! / unit^(n + 1).
constexpr Scaled factorial_over_power(unsigned n, DoubleDouble unit) {
  if (n > 20) {
    const DoubleDouble exponent = lgamma(DoubleDouble{n + 1.0}) - log(unit) * (n + 1.0);
    // Clamped to where the result is infinite or zero whatever the sum it multiplies.
    if (exponent.hi > 4000) return {{1.0}, 5000};
    return exponent.hi < -4000 ? Scaled{{1.0}, -5000} : detail::exp(exponent);
  }
  DoubleDouble factorial{1.0};
  for (unsigned i = 2; i <= n; ++i) factorial = factorial * i;
  const Scaled u = normalised(unit);
  return {factorial / power(u.value, n + 1), -u.exponent * static_cast<int>(n + 1)};
}

}  // namespace detail

namespace constant {

constexpr double digamma(double x) {
  using namespace detail;
  if (isnan(x) || x == infinity) return x;
  if (x == 0) return copysign(infinity, -x);
  if (x < 0 && floor(x) == x) return not_a_number;
  if (abs(x) < 0x1p-60) {
    const Binary b = decompose(-x);
    return to_double(DoubleDouble{1.0} / DoubleDouble{b.mantissa}, -b.exponent);
  }
  if (x > -8) return detail::digamma(DoubleDouble{x}).hi;
  const Angle angle = reduce_half_turns(x);
  return (detail::digamma(two_sum(1.0, -x)) - pi * (detail::cos(angle) / detail::sin(angle))).hi;
}

constexpr double polygamma(int n, double x) {
  using namespace detail;
  if (n == 0) return digamma(x);
  if (n < 0 || isnan(x) || x == -infinity) return not_a_number;
  const double sign = n % 2 == 0 ? -1.0 : 1.0;
  if (x == 0) return n % 2 == 0 ? copysign(infinity, -x) : infinity;
  if (isinf(x)) return copysign(0.0, sign);
  if (x < 0 && floor(x) == x) return n % 2 == 0 ? not_a_number : infinity;
  const unsigned s = static_cast<unsigned>(n) + 1;
  if (x > 0x1p500) {
    // Only (n - 1)! / x^n is left.
    const DoubleDouble leading = n == 1 ? DoubleDouble{} : detail::lgamma(DoubleDouble{static_cast<double>(n)});
    const DoubleDouble exponent = leading - detail::log(DoubleDouble{x}) * n;
    return exponent.hi < -800 ? copysign(0.0, sign) : sign * to_double(detail::exp(exponent));
  }
  // The poles around x, and the distance to the nearer one.
  const double below = x > 0 ? 0.0 : floor(x);
  const DoubleDouble right = two_sum(x, -below), left = two_sum(below + 1, -x);
  const DoubleDouble unit = x > 0 || right.hi < left.hi ? right : left;
  DoubleDouble sum{};
  if (x > -10) {
    sum = hurwitz_sum(unit, {x}, s);
  } else {
    // The poles to the right of x and those to the left of it, less the ones beyond 0 that are no poles.
    const DoubleDouble reflected = hurwitz_sum(unit, left, s) - hurwitz_sum(unit, two_sum(1.0, -x), s);
    sum = hurwitz_sum(unit, right, s) + (s % 2 == 0 ? reflected : -reflected);
  }
  const Scaled factor = factorial_over_power(s - 1, unit);
  const Scaled product = normalised(factor.value * sum);
  return sign * to_double(product.value, product.exponent + factor.exponent);
}

}  // namespace constant

/// The derivative of log Gamma at x, in constant expressions and at run time alike: double precision, whatever T.
/// Infinite at +-0, NaN at negative integers; reflection for x <= -8.  Error below 0.501 ulp, but for the
/// neighbourhoods of the zeros, where the absolute error is below 2^-70 times the larger of 1 and pi |cot(pi x)|.
template <std::floating_point T>
constexpr T digamma(T x) {
  return detail::narrow<T>(constant::digamma(static_cast<double>(x)));
}

/// The derivative of order n + 1 of log Gamma at x, n >= 0 (0 digamma, 1 trigamma, ...), in constant expressions and at
/// run time alike: double precision, whatever T.  The sum (-1)^(n+1) n! sum 1/(x + k)^(n+1), over the poles on both
/// sides for negative x, for any order.  Error below 1 ulp; for even n and negative x, where the two sides nearly
/// cancel, below 2^-52 times the larger side.  At negative integers infinite for odd n and NaN for even n; NaN for
/// negative n.
template <std::floating_point T>
constexpr T polygamma(int n, T x) {
  return detail::narrow<T>(constant::polygamma(n, static_cast<double>(x)));
}

}  // namespace duet::math
