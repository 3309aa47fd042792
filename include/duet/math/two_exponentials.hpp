// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// e^x of two numbers in the lanes of one vector register, and the constants of exponentials that are computed in lanes.
#pragma once

#include <bit>
#include <cstdint>
#include <numbers>
#include <type_traits>
#include <utility>

#include "duet/math/exponential.hpp"

namespace duet::math {

/// ln 2 in two parts; the first one times an integer of up to 20 bits is exact.
inline constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, such that e^r - 1 has the least relative error, 2e-17 (Remez' algorithm).
inline constexpr double exp_coefficients[] = {
    0x1.0000000000005p-1,  0x1.5555555555539p-3,  0x1.55555555522c3p-5,  0x1.1111111118f91p-7,  0x1.6c16c17ed8b8cp-10,
    0x1.a01a01751b35dp-13, 0x1.a019a7787c010p-16, 0x1.71de87ff88629p-19, 0x1.28a1d67bd735fp-22, 0x1.ae6ba68337461p-26};

#ifndef __CUDACC__  // nvcc's front end does not know vectors' conditional operator
namespace detail {

using TwoDoubles [[gnu::vector_size(16)]] = double;
using TwoIntegers [[gnu::vector_size(16)]] = std::uint64_t;

/// A number of which compilers don't know what it was made of. With -ffast-math they would see through a rounding by
/// adding a large number and subtracting it, and not round.
[[gnu::always_inline]] inline TwoDoubles opaque(TwoDoubles x) {
#ifdef __SSE2__
  asm("" : "+x"(x));
#else
  asm("" : "+m"(x));
#endif
  return x;
}

/// x = k ln 2 + r, where k is the last bits of 1.5 * 2^52 + k; and 2^k in two factors, since it may be out of range
/// where e^x is not.
[[gnu::always_inline]] inline TwoDoubles exp_of_two(const TwoDoubles& x) {
  const TwoDoubles least = {-746, -746}, most = {710, 710}, shift = {0x1.8p52 + 2046, 0x1.8p52 + 2046};
  const TwoDoubles some = x < least ? least : x, within = some > most ? most : some;
  const TwoDoubles shifted = opaque(within * std::numbers::log2e + shift), k = opaque(shifted - shift);
  const TwoDoubles high = within - k * ln2_high, r = high - k * ln2_low, low = (high - r) - k * ln2_low;
  const TwoDoubles square = r * r;
  TwoDoubles even = square * exp_coefficients[8] + exp_coefficients[6];
  TwoDoubles odd = square * exp_coefficients[9] + exp_coefficients[7];
  for (int i = 4; i >= 0; i -= 2) {
    even = square * even + exp_coefficients[i];
    odd = square * odd + exp_coefficients[i + 1];
  }
  const TwoDoubles m = r + ((even + r * odd) * square + low);
  const auto whole = std::bit_cast<TwoIntegers>(shifted), half = whole >> 1;
  const auto power = std::bit_cast<TwoDoubles>(half << 52), rest = std::bit_cast<TwoDoubles>((whole - half) << 52);
  return (power * m + power) * rest;
}

}  // namespace detail
#endif

/// e^x and e^y, in little more than the time of one of them. Error below 1 ulp; a single std::exp is closer. In a
/// constant expression, and for GPUs, what exp gives.
[[gnu::always_inline]] constexpr std::pair<double, double> exp_of_two(double x, double y) {
#ifndef __CUDACC__
  if (!__builtin_is_constant_evaluated()) {
    const auto both = detail::exp_of_two(detail::TwoDoubles{x, y});
    return {both[0], both[1]};
  }
#endif
  return {exp(x), exp(y)};
}

}  // namespace duet::math
