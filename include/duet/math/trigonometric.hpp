// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// sin, cos and tan.  Coefficients are reciprocal factorials, computed with mpmath.
#pragma once

#include <cmath>
#include <concepts>
#include <utility>

#include "duet/math/angle_reduction.hpp"
#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/table.hpp"

namespace duet::math {

namespace detail {

DUET_TABLE DoubleDouble sin_leading[] = {{-0.16666666666666666, -9.25185853854297e-18},
                                         {0.008333333333333333, 1.1564823173178714e-19},
                                         {-0.0001984126984126984, -1.7209558293420705e-22},
                                         {2.7557319223985893e-06, -1.858393274046472e-22}};
DUET_TABLE double sin_rest[] = {-2.505210838544172e-08, 1.6059043836821613e-10, -7.647163731819816e-13,
                                2.8114572543455206e-15, -8.22063524662433e-18,  1.9572941063391263e-20};
DUET_TABLE DoubleDouble cos_leading[] = {{-0.5, 0.0},
                                         {0.041666666666666664, 2.3129646346357427e-18},
                                         {-0.001388888888888889, 5.300543954373577e-20},
                                         {2.48015873015873e-05, 2.1511947866775882e-23},
                                         {-2.755731922398589e-07, -2.3767714622250297e-23}};
DUET_TABLE double cos_rest[] = {2.08767569878681e-09,    -1.1470745597729725e-11, 4.779477332387385e-14,
                                -1.5619206968586225e-16, 4.110317623312165e-19,   -8.896791392450574e-22};

/// sin r for |r| <= 0.8, with a relative error below 2^-79.
constexpr DoubleDouble sin_near_zero(DoubleDouble r) {
  const DoubleDouble z = r * r;
  return r + r * z * polynomial(z, sin_leading, polynomial(z.hi, sin_rest));
}

/// cos r for |r| <= 0.8, with a relative error below 2^-79.
constexpr DoubleDouble cos_near_zero(DoubleDouble r) {
  const DoubleDouble z = r * r;
  return z * polynomial(z, cos_leading, polynomial(z.hi, cos_rest)) + 1.0;
}

/// The sine of an angle; the cosine is the sine one quadrant on.
constexpr DoubleDouble sin(Angle a) {
  const DoubleDouble s = a.quadrant % 2 == 0 ? sin_near_zero(a.rest) : cos_near_zero(a.rest);
  return a.quadrant % 4 < 2 ? s : -s;
}

constexpr DoubleDouble cos(Angle a) { return sin(Angle{a.quadrant + 1, a.rest}); }

}  // namespace detail

namespace constant {

constexpr double sin(double x) {
  using namespace detail;
  if (isinf(x)) return not_a_number;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  return detail::sin(reduce_angle(x)).hi;
}

constexpr double cos(double x) {
  using namespace detail;
  if (!isfinite(x)) return not_a_number;
  if (abs(x) < 0x1p-27) return 1.0;
  return detail::cos(reduce_angle(x)).hi;
}

constexpr double tan(double x) {
  using namespace detail;
  if (isinf(x)) return not_a_number;
  if (isnan(x) || abs(x) < 0x1p-27) return x;
  const Angle a = reduce_angle(x);
  return (detail::sin(a) / detail::cos(a)).hi;
}

}  // namespace constant

/// The sine of x radians, usable in constant expressions.  Constant error below 0.5001 ulp for every finite x, NaN for
/// infinite ones: exact angle reduction and a Taylor series in double-double.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T sin(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::sin(static_cast<double>(x)));
  return std::sin(x);
}

/// The cosine of x radians; as sin.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T cos(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::cos(static_cast<double>(x)));
  return std::cos(x);
}

/// A sine and a cosine; an aggregate, since compilers do not always inline what makes a `std::pair`.
template <class T>
struct SineAndCosine {
  T first, second;
  constexpr bool operator==(const SineAndCosine&) const = default;
};

/// Sine and cosine of x radians, in this order: what sin and cos give, for little more than the time of one of them.
/// g++ makes that of two calls by itself, clang doesn't.
template <std::floating_point T>
[[gnu::always_inline]] constexpr SineAndCosine<T> sincos(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return {sin(x), cos(x)};
#if defined(__clang__) && defined(__GLIBC__) && !defined(__CUDACC__)
  SineAndCosine<T> both;
  if constexpr (std::same_as<T, float>) {
    ::sincosf(x, &both.first, &both.second);
  } else if constexpr (std::same_as<T, double>) {
    ::sincos(x, &both.first, &both.second);
  } else {
    ::sincosl(x, &both.first, &both.second);
  }
  return both;
#else
  return {sin(x), cos(x)};
#endif
}

/// The tangent of x radians; as sin.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T tan(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::tan(static_cast<double>(x)));
  return std::tan(x);
}

}  // namespace duet::math
