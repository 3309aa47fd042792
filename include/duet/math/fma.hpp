// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The correctly rounded multiply-add, in integer arithmetic.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/rounding.hpp"

namespace duet::math {

namespace detail {

constexpr int leading_zeros(uint128 x) {
  const std::uint64_t high = static_cast<std::uint64_t>(x >> 64);
  return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(x));
}

/// x / 2^n with the bits shifted out gathered in the last one, which keeps "above or below half" intact.
constexpr uint128 shift_right_sticky(uint128 x, int n) {
  if (n == 0) return x;
  if (n > 127) return x != 0 ? 1 : 0;
  return (x >> n) | ((x << (128 - n)) != 0 ? 1 : 0);
}

/// m * 2^e rounded to nearest, ties to even, for m != 0.
constexpr double round_to_double(uint128 m, int e, bool negative) {
  const std::uint64_t sign = negative ? sign_bit : 0;
  const int zeros = leading_zeros(m);
  m <<= zeros;
  e += 127 - zeros;
  if (e > 1023) return negative ? -infinity : infinity;
  // 75 bits go at full precision, more of them below the normal range.
  const int drop = 75 + (e < -1022 ? -1022 - e : 0);
  const uint128 kept = shift_right_sticky(m, drop - 2);
  const std::uint64_t low = static_cast<std::uint64_t>(kept & 7), quotient = static_cast<std::uint64_t>(kept >> 2);
  const std::uint64_t up = low == 3 || low == 6 || low == 7 ? 1 : 0;
  const std::uint64_t exponent_field = e < -1022 ? 0 : static_cast<std::uint64_t>(e + 1022) << 52;
  return std::bit_cast<double>((exponent_field + quotient + up) | sign);
}

}  // namespace detail

namespace constant {

constexpr double fma(double a, double b, double c) {
  using detail::uint128;
  if (isnan(a) || isnan(b) || isnan(c)) return detail::not_a_number;
  const bool product_negative = signbit(a) != signbit(b), c_negative = signbit(c);
  if (isinf(a) || isinf(b)) {
    if (a == 0 || b == 0 || (isinf(c) && c_negative != product_negative)) return detail::not_a_number;
    return product_negative ? -detail::infinity : detail::infinity;
  }
  if (isinf(c)) return c;
  if (a == 0 || b == 0) return c == 0 && product_negative != c_negative ? 0.0 : c;
  const detail::Integral x = detail::integral(a), y = detail::integral(b), z = detail::integral(c);
  uint128 m = static_cast<uint128>(x.significand) * y.significand, n = z.significand;
  int me = x.exponent + y.exponent, ne = z.exponent;
  if (n == 0) return detail::round_to_double(m, me, product_negative);
  // Both leading bits go to bit 125: room for the carry, and at least one guard bit below 106 + 53 significant ones.
  const int ms = detail::leading_zeros(m) - 2, ns = detail::leading_zeros(n) - 2;
  m <<= ms;
  me -= ms;
  n <<= ns;
  ne -= ns;
  const int e = me > ne ? me : ne;
  m = detail::shift_right_sticky(m, e - me);
  n = detail::shift_right_sticky(n, e - ne);
  if (product_negative == c_negative) return detail::round_to_double(m + n, e, c_negative);
  if (m == n) return 0.0;
  return m > n ? detail::round_to_double(m - n, e, product_negative) : detail::round_to_double(n - m, e, c_negative);
}

/// The product of two floats is exact in double; rounding the sum to odd makes the final rounding to float the only
/// one.
constexpr float fma(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  if (!isfinite(product) || !isfinite(static_cast<double>(c))) {
    return detail::narrow<float>(fma(static_cast<double>(a), static_cast<double>(b), static_cast<double>(c)));
  }
  const detail::DoubleDouble sum = detail::two_sum(detail::rounded(product), static_cast<double>(c));
  if (sum.lo == 0 || (detail::bits(sum.hi) & 1) != 0) return detail::narrow<float>(sum.hi);
  const bool outwards = (sum.hi > 0) == (sum.lo > 0);
  return detail::narrow<float>(std::bit_cast<double>(outwards ? detail::bits(sum.hi) + 1 : detail::bits(sum.hi) - 1));
}

}  // namespace constant

/// a b + c with a single rounding; correctly rounded over the whole range and usable in constant expressions.
template <std::floating_point T>
[[gnu::always_inline]] constexpr T fma(T a, T b, T c) {
  if constexpr (!std::same_as<T, long double>) {
    if (__builtin_is_constant_evaluated() && detail::has_constant<T>) return constant::fma(a, b, c);
  }
  return std::fma(a, b, c);
}

}  // namespace duet::math
