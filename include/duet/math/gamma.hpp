// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The gamma function and its logarithm.  All coefficients computed with mpmath.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/angle_reduction.hpp"
#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/lgamma_zeros.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/table.hpp"
#include "duet/math/trigonometric.hpp"

namespace duet::math {

namespace detail {

/// 1 - gamma, (zeta(2) - 1) / 2, -(zeta(3) - 1) / 3, ...: log Gamma(2 + z) / z (Abramowitz and Stegun 6.1.33).
DUET_TABLE DoubleDouble lgamma_leading[] = {
    {0.42278433509846713, 4.942915152430645e-18},    {0.3224670334241132, 1.520336175199238e-17},
    {-0.0673523010531981, 6.87667631175899e-18},     {0.020580808427784546, 1.4629392512775695e-18},
    {-0.007385551028673986, 4.1051370891788617e-19}, {0.0028905103307415234, -7.357950161901912e-20},
    {-0.001192753911703261, 4.1747852352514e-20},    {0.0005096695247430425, -2.780354175057013e-20},
    {-0.00022315475845357939, 6.032078299350848e-21}};
DUET_TABLE double lgamma_rest[] = {
    9.945751278180853e-05,  -4.492623673813314e-05,  2.050721277567069e-05,  -9.439488275268397e-06,
    4.374866789907488e-06,  -2.039215753801366e-06,  9.55141213040742e-07,   -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09,  2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10,  -2.7595228851242334e-10, 1.330476437424449e-10,  -6.4229645638381e-11,
    3.1044247747322276e-11, -1.5021384080754142e-11, 7.275974480239079e-12,  -3.527742476575915e-12,
    1.711991790559618e-12,  -8.315385841420285e-13,  4.04220052528944e-13,   -1.9664756310966165e-13,
    9.573630387838556e-14};

/// B_2k / (2k (2k - 1)), Stirling's series (Abramowitz and Stegun 6.1.40).
DUET_TABLE DoubleDouble stirling_leading[] = {{0.08333333333333333, 4.625929269271485e-18},
                                              {-0.002777777777777778, 1.0601087908747154e-19}};
DUET_TABLE double stirling_rest[] = {
    0.0007936507936507937, -0.0005952380952380953, 0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641,
    -0.029550653594771242, 0.17964437236883057,    -1.3924322169059011,   13.402864044168393,     -156.84828462600203};

/// log Gamma(2 + z) for |z| <= 1/2, with a relative error below 2^-74.
constexpr DoubleDouble lgamma_near_two(DoubleDouble z) {
  return z * polynomial(z, lgamma_leading, polynomial(z.hi, lgamma_rest));
}

/// log Gamma(x) for 16 <= x < 2^100.
constexpr DoubleDouble stirling(DoubleDouble x) {
  const DoubleDouble inverse = DoubleDouble{1.0} / x, z = inverse * inverse;
  const DoubleDouble half_log_two_pi{0.9189385332046728, -3.8782941580672414e-17};
  const DoubleDouble tail = inverse * polynomial(z, stirling_leading, polynomial(z.hi, stirling_rest));
  return (x - 0.5) * log(x) - x + half_log_two_pi + tail;
}

/// Gamma(x) / Gamma(2 + z) for 3/2 <= x < 16, where z = x - 2 - steps is in [-1/2, 1/2].
struct Descent {
  DoubleDouble z;
  DoubleDouble product;
};

constexpr Descent descend_to_two(DoubleDouble x) {
  DoubleDouble product{1.0}, z = x - 2.0;
  for (; z.hi > 0.5; z = z - 1.0) product = product * (z + 1.0);
  return {z, product};
}

/// log Gamma(x) for 1/2 <= x < 2^100, relative to which the error is below 2^-70.
constexpr DoubleDouble lgamma(DoubleDouble x) {
  if (x.hi >= 16) return stirling(x);
  if (x.hi < 1.5) {
    const DoubleDouble z = x - 1.0;
    return z.hi == 0 ? DoubleDouble{} : lgamma_near_two(z) - log1p(z);
  }
  const Descent d = descend_to_two(x);
  const DoubleDouble near = lgamma_near_two(d.z);
  return d.product.hi == 1 ? near : near + log(d.product);
}

/// Gamma(x) for 1/2 <= x < 1000, with a relative error below 2^-69.
constexpr Scaled tgamma(DoubleDouble x) {
  if (x.hi >= 16) return detail::exp(stirling(x));
  if (x.hi < 1.5) {
    const Scaled next = detail::exp(lgamma_near_two(x - 1.0));
    return {next.value / x, next.exponent};
  }
  const Descent d = descend_to_two(x);
  const Scaled base = detail::exp(lgamma_near_two(d.z));
  return {base.value * d.product, base.exponent};
}

constexpr DoubleDouble sin_half_turns(double x) { return sin(reduce_half_turns(x)); }

}  // namespace detail

namespace constant {

constexpr double tgamma(double x) {
  using namespace detail;
  if (isnan(x) || x == infinity) return x;
  if (x == 0) return copysign(infinity, x);
  if (x < 0 && floor(x) == x) return not_a_number;
  if (x > 172) return infinity;
  if (abs(x) < 0x1p-60) {
    const Binary b = decompose(x);
    return to_double(DoubleDouble{1.0} / DoubleDouble{b.mantissa}, -b.exponent);
  }
  if (abs(x) < 0.5) {
    const Scaled above = detail::exp(lgamma_near_two({x}));
    return to_double(above.value / (two_sum(1.0, x) * x), above.exponent);
  }
  if (x > 0) return to_double(detail::tgamma(DoubleDouble{x}));
  const DoubleDouble sine = sin_half_turns(x);
  if (x < -190) return copysign(0.0, sine.hi);
  const Scaled mirrored = detail::tgamma(two_sum(1.0, -x));
  return to_double(pi / (sine * mirrored.value), -mirrored.exponent);
}

constexpr double lgamma(double x) {
  using namespace detail;
  if (isnan(x)) return x;
  if (isinf(x) || (x <= 0 && floor(x) == x) || x > 2.6e305) return infinity;
  if (x == 1 || x == 2) return 0.0;
  if (abs(x) < 0x1p-60) return -detail::log(DoubleDouble{abs(x)}).hi;
  if (abs(x) < 0.5) {
    const DoubleDouble product = two_sum(1.0, x) * abs(x);
    return (lgamma_near_two({x}) - detail::log(product)).hi;
  }
  if (x > 0x1p80) {
    const Binary b = decompose(x);
    return to_double((detail::log(DoubleDouble{x}) - 1.0) * b.mantissa, b.exponent);
  }
  if (x > 0) return detail::lgamma(DoubleDouble{x}).hi;
  if (const GammaZero* zero = gamma_zero_near(x)) return lgamma_near(*zero, x).hi;
  const DoubleDouble sine = sin_half_turns(x), magnitude = sine.hi < 0 ? -sine : sine;
  return (detail::log(pi / magnitude) - detail::lgamma(two_sum(1.0, -x))).hi;
}

}  // namespace constant

/// The gamma function, usable in constant expressions; infinite at +-0, NaN at negative integers.  Constant error below
/// 0.501 ulp: Maclaurin series of log Gamma at 2 with the functional equation below 16, Stirling's series above,
/// reflection for negative x.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T tgamma(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::tgamma(static_cast<double>(x)));
  return std::tgamma(x);
}

/// log |Gamma(x)|, usable in constant expressions; infinite at zero and the negative integers.  Constant error below
/// 0.501 ulp for x > -2 and 0.52 ulp for any x, near the zeros too.  At run time the reentrant lgamma_r where the C
/// library has it (a GPU needs none): std::lgamma writes to a global.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T lgamma(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::lgamma(static_cast<double>(x)));
#ifdef __CUDA_ARCH__
  return std::lgamma(x);
#else
  [[maybe_unused]] int sign = 0;
  if constexpr (std::same_as<T, float> && requires { lgammaf_r(x, &sign); }) {
    return lgammaf_r(x, &sign);
  } else if constexpr (std::same_as<T, double> && requires { lgamma_r(x, &sign); }) {
    return lgamma_r(x, &sign);
  } else if constexpr (std::same_as<T, long double> && requires { lgammal_r(x, &sign); }) {
    return lgammal_r(x, &sign);
  } else {
    return std::lgamma(x);
  }
#endif
}

}  // namespace duet::math
