// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Bit-level views of binary64 and the functions that only look at bits: classification, sign and magnitude.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace duet::math {

namespace detail {

static_assert(std::numeric_limits<double>::is_iec559 && sizeof(double) == 8, "duet::math needs IEEE binary64");

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
inline constexpr std::uint64_t fraction_mask = (std::uint64_t{1} << 52) - 1;

/// Whether there are algorithms that stand in for libm in constant expressions; long double has none, and goes to
/// std::.
///
/// They stand behind `__builtin_is_constant_evaluated()`, here and in all rooms, and not
/// `std::is_constant_evaluated()`: a compiler folds the builtin before it asks what a function calls, where a call of a
/// function, even of one that is inlined always, lets all that is meant for constant expressions be compiled along
/// (5 % of the time of a Jacobian of 200 nodes, g++ 12).
template <std::floating_point T>
inline constexpr bool has_constant = !std::same_as<T, long double>;

/// Rounds a double result to T.  Overflow in a conversion is no constant expression, so infinity is spelt out.
template <std::floating_point T>
constexpr T narrow(double x) {
  if constexpr (std::same_as<T, float>) {
    if (x >= 0x1.ffffffp127) return std::numeric_limits<float>::infinity();
    if (x <= -0x1.ffffffp127) return -std::numeric_limits<float>::infinity();
  }
  return static_cast<T>(x);
}

constexpr std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// 2^k for -1022 <= k <= 1023.
constexpr double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

/// A finite nonzero number as mantissa * 2^exponent with 1 <= |mantissa| < 2.
struct Binary {
  double mantissa;
  int exponent;
};

/// Splits a finite nonzero x (subnormal allowed); exact.
constexpr Binary decompose(double x) {
  int offset = 0;
  std::uint64_t b = bits(x);
  if ((b & ~sign_bit) <= fraction_mask) {
    b = bits(x * 0x1p54);
    offset = -54;
  }
  const int biased = static_cast<int>((b >> 52) & 0x7ff);
  return {std::bit_cast<double>((b & ~(std::uint64_t{0x7ff} << 52)) | std::uint64_t{1023} << 52),
          biased - 1023 + offset};
}

}  // namespace detail

namespace constant {

constexpr bool isnan(double x) { return x != x; }
constexpr bool signbit(double x) { return (detail::bits(x) & detail::sign_bit) != 0; }
constexpr double abs(double x) { return std::bit_cast<double>(detail::bits(x) & ~detail::sign_bit); }
constexpr bool isinf(double x) { return abs(x) == detail::infinity; }
constexpr bool isfinite(double x) { return abs(x) < detail::infinity; }
constexpr double copysign(double magnitude, double sign) {
  return std::bit_cast<double>((detail::bits(magnitude) & ~detail::sign_bit) | (detail::bits(sign) & detail::sign_bit));
}

}  // namespace constant

/// Whether x is not a number; usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr bool isnan(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return constant::isnan(static_cast<double>(x));
  return std::isnan(x);
}

/// Whether x is +inf or -inf; usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr bool isinf(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return constant::isinf(static_cast<double>(x));
  return std::isinf(x);
}

/// Whether x is neither infinite nor NaN; usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr bool isfinite(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return constant::isfinite(static_cast<double>(x));
  return std::isfinite(x);
}

/// Whether the sign bit of x is set (true of -0 and of a negative NaN); usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr bool signbit(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return constant::signbit(static_cast<double>(x));
  return std::signbit(x);
}

/// |x|, exact for every x; usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T abs(T x) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>)
    return detail::narrow<T>(constant::abs(static_cast<double>(x)));
  return std::abs(x);
}

/// The magnitude of the first argument with the sign of the second, exact; usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T copysign(T magnitude, T sign) {
  if (__builtin_is_constant_evaluated() && detail::has_constant<T>) {
    return detail::narrow<T>(constant::copysign(static_cast<double>(magnitude), static_cast<double>(sign)));
  }
  return std::copysign(magnitude, sign);
}

}  // namespace duet::math
