// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Rounding to an integer and the exact remainder.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>

#include "duet/math/floating_point.hpp"

namespace duet::math {

namespace detail {

__extension__ typedef unsigned __int128 uint128;

/// A double as an integer significand * 2^exponent, both for normal and subnormal numbers; the sign is dropped.
struct Integral {
  std::uint64_t significand;
  int exponent;
};

constexpr Integral integral(double x) {
  const int biased = static_cast<int>((bits(x) >> 52) & 0x7ff);
  const std::uint64_t fraction = bits(x) & fraction_mask;
  if (biased == 0) return {fraction, -1074};
  return {fraction | (std::uint64_t{1} << 52), biased - 1075};
}

}  // namespace detail

namespace constant {

constexpr double trunc(double x) {
  if (!(abs(x) < 0x1p52)) return x;
  return copysign(static_cast<double>(static_cast<std::int64_t>(x)), x);
}

constexpr double floor(double x) {
  const double t = trunc(x);
  return t > x ? t - 1 : t;
}

constexpr double ceil(double x) {
  const double t = trunc(x);
  return t < x ? copysign(t + 1, x) : t;
}

constexpr double round(double x) {
  const double t = trunc(x);
  return abs(x - t) >= 0.5 ? t + copysign(1.0, x) : t;
}

constexpr double fmod(double x, double y) {
  if (isnan(x) || isnan(y)) return isnan(x) ? x : y;
  if (isinf(x) || y == 0) return detail::not_a_number;
  if (abs(x) < abs(y)) return x;
  const detail::Integral a = detail::integral(x), b = detail::integral(y);
  std::uint64_t rest = a.significand % b.significand;
  int shift = a.exponent - b.exponent;
  for (; shift >= 64; shift -= 64) {
    rest = static_cast<std::uint64_t>((static_cast<detail::uint128>(rest) << 64) % b.significand);
  }
  rest = static_cast<std::uint64_t>((static_cast<detail::uint128>(rest) << shift) % b.significand);
  // rest < 2^53, so that the conversion and both scalings are exact.
  const int low = b.exponent < -1022 ? -52 : 0;
  const double scaled = static_cast<double>(rest) * detail::power_of_two(b.exponent - low) * detail::power_of_two(low);
  return copysign(scaled, x);
}

}  // namespace constant

/// The integer nearest to x towards zero, with the sign of x; exact and usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T trunc(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::trunc(static_cast<double>(x)));
  return std::trunc(x);
}

/// The largest integer not above x; exact and usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T floor(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::floor(static_cast<double>(x)));
  return std::floor(x);
}

/// The smallest integer not below x; exact and usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T ceil(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::ceil(static_cast<double>(x)));
  return std::ceil(x);
}

/// The nearest integer, halves away from zero; exact and usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T round(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::round(static_cast<double>(x)));
  return std::round(x);
}

/// x - n y with n = trunc(x / y), exact, with the sign of x; usable in constant expressions.  NaN for infinite x and
/// for zero y.  The constant algorithm reduces the integer significands, 64 binary places at a time.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T fmod(T x, T y) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::fmod(static_cast<double>(x), static_cast<double>(y)));
  }
  return std::fmod(x, y);
}

}  // namespace duet::math
