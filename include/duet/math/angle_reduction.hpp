// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Reduction of an angle to [-pi/4, pi/4], to more than 70 significant bits for every double.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "duet/math/double_double.hpp"
#include "duet/math/floating_point.hpp"
#include "duet/math/rounding.hpp"
#include "duet/math/table.hpp"

namespace duet::math::detail {

/// x = quadrant * pi/2 + rest (mod 2 pi); quadrant counts from 0 to 3.
struct Angle {
  unsigned quadrant;
  DoubleDouble rest;
};

/// The binary digits of 2/pi after a word of zeros, computed with mpmath: 1216 places serve exponents up to 1023.
DUET_TABLE std::uint64_t two_over_pi[] = {
    0x0000000000000000, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41,
    0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7,
    0x4f463f669e5fea2d, 0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab};

/// 64 digits of 2/pi, from digit `start` of the table on.
constexpr std::uint64_t digits_from(int start) {
  const int word = start / 64, shift = start % 64;
  return shift == 0 ? two_over_pi[word] : two_over_pi[word] << shift | two_over_pi[word + 1] >> (64 - shift);
}

/// M. H. Payne and R. N. Hanek, "Radian reduction for trigonometric functions" (SIGNUM Newsletter 18, 1983), in
/// integers: the significand of x times those 192 digits of 2/pi whose product matters modulo 4.  For x >= 2^24.
constexpr Angle reduce_large(double x) {
  const Integral i = integral(x);
  const int start = i.exponent + 62;
  const uint128 l = static_cast<uint128>(digits_from(start + 128)) * i.significand;
  const uint128 m = static_cast<uint128>(digits_from(start + 64)) * i.significand + static_cast<std::uint64_t>(l >> 64);
  const std::uint64_t h = digits_from(start) * i.significand + static_cast<std::uint64_t>(m >> 64);
  // The product is a fixed-point number with two digits before the point.  As the rest in quadrants is at least 2^-62,
  // the 128 digits after those two hold at least 66 significant ones.
  uint128 fraction = (static_cast<uint128>(h) << 64 | static_cast<std::uint64_t>(m)) << 2;
  fraction |= static_cast<std::uint64_t>(l) >> 62;
  const bool above_half = static_cast<std::uint64_t>(fraction >> 127) != 0;
  if (above_half) fraction = ~fraction + 1;
  const int zeros = std::countl_zero(static_cast<std::uint64_t>(fraction >> 64));
  fraction <<= zeros;
  const double high = static_cast<double>(static_cast<std::uint64_t>(fraction >> 75));
  const double low = static_cast<double>(static_cast<std::uint64_t>(fraction >> 22) & ((1ULL << 53) - 1));
  const double unit = (above_half ? -1.0 : 1.0) * power_of_two(-53 - zeros);
  const DoubleDouble quadrants = fast_two_sum(high * unit, low * unit * 0x1p-53);
  return {static_cast<unsigned>(h >> 62) + (above_half ? 1U : 0U), quadrants * half_pi};
}

/// Subtracts multiples of pi/2 given to 160 bits (W. J. Cody and W. Waite, "Software manual for the elementary
/// functions", 1980).  For 0 <= x < 2^24.
constexpr Angle reduce_small(double x) {
  const double k = constant::round(x * 0.6366197723675814);
  const DoubleDouble first = two_prod(k, half_pi.hi);
  const DoubleDouble rest = two_sum(x - first.hi, -first.lo) - two_prod(k, half_pi.lo);
  return {static_cast<unsigned>(k) % 4, rest + k * 1.4973849048591698e-33};
}

constexpr Angle reduce_angle(double x) {
  const double a = constant::abs(x);
  if (a < 0.785) return {0, {x, 0.0}};
  const Angle positive = a < 0x1p24 ? reduce_small(a) : reduce_large(a);
  return x > 0 ? Angle{positive.quadrant % 4, positive.rest} : Angle{(0 - positive.quadrant) % 4, -positive.rest};
}

/// pi x = quadrant * pi/2 + rest (mod 2 pi).
constexpr Angle reduce_half_turns(double x) {
  const double whole = constant::round(2 * constant::fmod(x, 2.0));
  return {static_cast<unsigned>(static_cast<int>(whole) + 4) % 4, pi * (constant::fmod(x, 2.0) - 0.5 * whole)};
}

}  // namespace duet::math::detail
