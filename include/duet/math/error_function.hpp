// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// erf and erfc.  All coefficients computed with mpmath.
#pragma once

#include <cmath>
#include <concepts>

#include "duet/math/double_double.hpp"
#include "duet/math/exponential.hpp"
#include "duet/math/floating_point.hpp"

namespace duet::math {

namespace detail {

/// (-1)^n / (n! (2n + 1)), the Maclaurin series of erf(x) sqrt(pi) / (2 x) in x^2.
inline constexpr DoubleDouble erf_leading[] = {{1.0, 0.0},
                                               {-0.3333333333333333, -1.850371707708594e-17},
                                               {0.1, -5.551115123125783e-18},
                                               {-0.023809523809523808, -1.32169407693471e-18},
                                               {0.004629629629629629, 2.569960705150825e-19},
                                               {-0.0007575757575757576, -6.570922257487906e-22},
                                               {0.00010683760683760684, 9.266685234918841e-23},
                                               {-1.3227513227513228e-05, 5.532155926405864e-22},
                                               {1.4589169000933706e-06, 1.009163436691398e-22}};
inline constexpr double erf_rest[] = {-1.4503852223150468e-07, 1.3122532963802806e-08,  -1.0892221037148573e-09,
                                      8.35070279514724e-11,    -5.9477940136376354e-12, 3.9554295164585257e-13,
                                      -2.466827010264457e-14,  1.4483264643598138e-15,  -8.032735012415773e-17,
                                      4.221407288807088e-18,   -2.107855191442136e-19,  1.0025164934907719e-20,
                                      -4.5518467589282e-22,    1.977064753877905e-23};
inline constexpr DoubleDouble two_over_root_pi{1.1283791670955126, 1.533545961316588e-17};

/// e^(-n^2 h^2) for n = 1, 2, ... and the step h = 13/32, whose square is a short binary fraction.
inline constexpr DoubleDouble gauss_leading[] = {
    {0.847860583886983, -1.416515849150944e-17},      {0.5167705827795767, 4.9599520162412817e-17},
    {0.22642272494309784, 8.528965142350801e-18},     {0.07131668269775804, -2.5016747638657283e-18},
    {0.016147717630328653, 4.728580209587396e-19},    {0.002628330960567707, -1.439993327118232e-19},
    {0.0003075373352933031, -1.1017161156562991e-20}, {2.586810022265412e-05, 1.0402298551702137e-21},
    {1.564156178422905e-06, -1.4181006103567533e-23}};
inline constexpr double gauss_rest[] = {6.798992870627021e-08,  2.1245059355929288e-09, 4.772217220174583e-11,
                                        7.706041614197111e-13,  8.945227455904632e-15,  7.464493049712254e-17,
                                        4.4777324417183015e-19, 1.930922543212617e-21,  5.985775962738175e-24};

/// erf(x) for |x| <= 1 and x^2 normal, with a relative error below 2^-74.
constexpr DoubleDouble erf_series(double x) {
  const DoubleDouble z = two_prod(x, x);
  return two_over_root_pi * x * polynomial(z, erf_leading, polynomial(z.hi, erf_rest));
}

/// erfc(x) for 1 <= x <= 28, with a relative error below 2^-72: the trapezoidal rule with step h for
/// erfc(x) = 2 x e^(-x^2) / pi * integral of e^(-t^2) / (t^2 + x^2) over t >= 0, which is off by the residue at i x
/// (kept while the pole lies inside the strip of width pi / h) and by e^(-pi^2 / h^2).  C. Chiarella and A. Reichel,
/// "On the evaluation of integrals related to the error function" (Math. Comp. 22, 1968).
constexpr Scaled erfc_tail(double x) {
  constexpr double step_squared = 169.0 / 1024;
  const DoubleDouble square = two_prod(x, x);
  double small = 0;
  for (int n = 18; n > 9; --n) small += gauss_rest[n - 10] / (n * n * step_squared + square.hi);
  DoubleDouble sum{small};
  for (int n = 9; n > 0; --n) sum = sum + gauss_leading[n - 1] / (square + n * n * step_squared);
  sum = sum + DoubleDouble{0.5} / square;
  const Scaled gauss = detail::exp(-square);
  const DoubleDouble two_step_over_pi{0.2586267825243299, 8.297203865089529e-18};
  DoubleDouble value = two_step_over_pi * x * sum * gauss.value;
  if (x < 7) {
    const DoubleDouble two_pi_over_step{15.466302294595906, -4.902396308199187e-16};
    const Scaled pole = detail::exp(two_pi_over_step * x);
    // 2 / (e^p - 1) = 2 e^-p + 2 e^-2p + ..., relative to e^(-x^2).
    const double inverse = power_of_two(-pole.exponent) / pole.value.hi;
    value = value - 2 * inverse * (1 + inverse) * power_of_two(-gauss.exponent);
  }
  return {value, gauss.exponent};
}

}  // namespace detail

namespace constant {

constexpr double erfc(double x) {
  using namespace detail;
  if (isnan(x)) return x;
  if (x < -6) return 2.0;
  if (x > 28) return 0.0;
  if (abs(x) < 0x1p-60) return 1.0;
  if (abs(x) < 1) return (DoubleDouble{1.0} - erf_series(x)).hi;
  const Scaled tail = erfc_tail(abs(x));
  return x > 0 ? to_double(tail) : (DoubleDouble{2.0} - times_power_of_two(tail.value, tail.exponent)).hi;
}

constexpr double erf(double x) {
  using namespace detail;
  if (isnan(x) || x == 0) return x;
  const double a = abs(x);
  if (a > 6) return copysign(1.0, x);
  if (a < 0x1p-40) {
    const Binary b = decompose(x);
    return to_double(two_over_root_pi * b.mantissa, b.exponent);
  }
  if (a < 1) return erf_series(x).hi;
  const Scaled tail = erfc_tail(a);
  return copysign((DoubleDouble{1.0} - times_power_of_two(tail.value, tail.exponent)).hi, x);
}

}  // namespace constant

/// The error function, usable in constant expressions.  Constant error below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T erf(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::erf(static_cast<double>(x)));
  return std::erf(x);
}

/// The complementary error function 1 - erf(x) without cancellation, usable in constant expressions.  Constant error
/// below 0.5001 ulp.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T erfc(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::erfc(static_cast<double>(x)));
  return std::erfc(x);
}

}  // namespace duet::math
