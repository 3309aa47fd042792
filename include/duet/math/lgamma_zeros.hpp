// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// log |Gamma| close to its negative zeros, where the sum that the reflection formula leaves would cancel.
#pragma once

#include <cmath>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/logarithm.hpp"
#include "duet/math/rounding.hpp"

namespace duet::math::detail {

/// A zero as a sum of three doubles, and the Taylor coefficients there of log |Gamma(x)| + log |x + n|, where -n is the
/// pole next to the zero; what is left without that pole is smooth even for zeros within 1 / n! of it.
struct GammaZero {
  double high, middle, low;
  DoubleDouble first;
  double second, third;
};

/// From -2.457 down to the zeros on both sides of -10, computed with mpmath.  The slope at later zeros, about n!, keeps
/// log |Gamma| away from 0 at the doubles around them.
inline constexpr GammaZero gamma_zeros[] = {
    {-2.4570247382208006,
     -3.7075610815513266e-17,
     -1.3622663121726005e-33,
     {-0.6724619155580135, -2.1192444922353074e-17},
     2.4645059339854773,
     -2.080591341544408},
    {-2.7476826467274127,
     9.055340329338315e-17,
     3.322761057167369e-33,
     {2.048912693575567, 2.2155316571286722e-16},
     1.7214631509381948,
     0.6557864206652787},
    {-3.14358088834998,
     -2.1818179852331714e-16,
     -1.1246581285745781e-32,
     {0.8171694269336683, 4.6747350600787274e-17},
     1.577709246549465,
     -0.3440938258553919},
    {-3.955294284858598,
     -1.999428391746348e-17,
     6.2357435447617e-34,
     {1.643443870809083, -1.9449367295282984e-17},
     1.5396809583251128,
     0.08908692415573036},
    {-4.039361839740537,
     2.1143995503980602e-16,
     -3.5961421111626576e-33,
     {1.3851643005403558, -1.2547118165254119e-17},
     1.5402675305599025,
     -0.09361226396875068},
    {-4.991544640560048,
     1.5174411760571722e-16,
     -9.643515906617392e-34,
     {1.7324016705503882, -7.67259169989676e-17},
     1.554365914711789,
     0.012825302871259147},
    {-5.0082181683225935,
     -4.3926353491015815e-17,
     -2.68183947324466e-33,
     {1.68056881318875, 6.481773782407043e-19},
     1.5546264433240642,
     -0.023241984718539523},
    {-5.998607480080875,
     -3.311862478893795e-16,
     3.4720224807210337e-33,
     {1.877151710314891, 9.660979727740022e-17},
     1.5681513873082638,
     -0.0009090849986372738},
    {-6.001385294453155,
     6.415847287933042e-17,
     -1.116080967205309e-33,
     {1.8684395759752168, 9.666335192397448e-17},
     1.5681840038185448,
     -0.0069187748620032725},
    {-6.999801507890638,
     1.0550130037400023e-17,
     -4.08696427365735e-34,
     {2.016268063842359, -1.1481735421286852e-16},
     1.5783639307702595,
     -0.0025204183693845667},
    {-7.000198333407325,
     2.504354173632409e-16,
     2.413795840298293e-32,
     {2.015015392351772, 8.967136054263651e-17},
     1.5783674423861969,
     -0.003379094631830775},
    {-7.999975197095821,
     -5.261737128572354e-17,
     -2.0441803623138533e-33,
     {2.1407201615962426, 8.343327421488136e-17},
     1.5861778904410102,
     -0.0022452103840716543},
    {-8.000024800270682,
     -4.354586297860107e-16,
     2.3599860861934562e-32,
     {2.1405628026608845, -1.5945587248194493e-16},
     1.5861782325367981,
     -0.0023525569821295747},
    {-8.999997244250977,
     -2.2185620509727132e-16,
     7.336677520259467e-33,
     {2.251761365305546, 1.9373025317799528e-16},
     1.5923508838067513,
     -0.0018356750049248972},
    {-9.000002755714823,
     -9.491348611623208e-17,
     -5.762352109706189e-33,
     {2.2517438129367284, 1.6752996790162429e-16},
     1.5923509142571335,
     -0.0018476032446592865},
    {-9.99999972442663,
     4.883037618642443e-16,
     3.548028340923709e-32,
     {2.351753469441464, 1.4467687906259455e-16},
     1.5973508977606834,
     -0.0015077093885364904},
    {-10.000000275573013,
     -3.4909708332642057e-16,
     -1.2687206116063323e-32,
     {2.3517517086931186, 2.4023168917561612e-17},
     1.5973509002545752,
     -0.0015089022676244572},
};

/// The zero in the half unit that x <= -2 lies in, or a null pointer where |x - zero| is above 2^-20 of its distance
/// from the pole.
constexpr const GammaZero* gamma_zero_near(double x) {
  const int pole = x > -10.4 ? static_cast<int>(constant::round(-x)) : 11;
  if (pole > 10 || x > -2) return nullptr;
  const GammaZero& zero = gamma_zeros[2 * pole - 4 - (x > -pole ? 1 : 0)];
  return constant::abs(x - zero.high) <= 0x1p-20 * constant::abs(zero.high + pole) ? &zero : nullptr;
}

/// log |Gamma(x)| for such an x, with a relative error below 2^-58.
constexpr DoubleDouble lgamma_near(const GammaZero& zero, double x) {
  const DoubleDouble offset = two_sum(x - zero.high, -zero.middle) - zero.low;
  const DoubleDouble from_pole = two_sum(zero.high + constant::round(-x), zero.middle) + zero.low;
  const DoubleDouble smooth = offset * (zero.first + offset.hi * (zero.second + offset.hi * zero.third));
  return smooth - log1p_near_zero(offset / from_pole);
}

}  // namespace duet::math::detail
