// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <numbers>

#include <duet/math/two_exponentials.hpp>
#include <duet/simd/batch.hpp>

/// Exponentials of batches of doubles. The argument is split into k ln 2 + r with an integer k and |r| <= ln 2 / 2;
/// 2^k is made of the bits of a sum: those of 1.5 * 2^52 + n end in n.
namespace duet::simd {

inline constexpr double exponent_bias = 1023, exponent_shift = 0x1.8p52 + exponent_bias;
using math::exp_coefficients, math::ln2_high, math::ln2_low;

/// A number and a small one that is to be added to it.
template <class B>
struct Sum {
  B high, low;
};

/// e^r - 1 for |r| <= ln 2 / 2.
template <class B>
[[gnu::always_inline]] inline B expm1_near_zero(const Sum<B>& r) {
  return r.high + xsimd::fma(polynomial(r.high, exp_coefficients), r.high * r.high, r.low);
}

/// 2^k for an integer k from -1022 to 1023.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> power_of_two(const Doubles<Arch>& k) {
  return from_bits<Arch>(bits<Arch>(k + exponent_shift) << 52);
}

/// 2^k (1 + m) for an integer k from -1076 to 1025: in two steps, since 2^k may be out of range where the result is
/// not.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> scaled(const Doubles<Arch>& k, const Doubles<Arch>& m) {
  const Bits<Arch> whole = bits<Arch>(k + (exponent_shift + exponent_bias)), half = whole >> 1;
  const Doubles<Arch> power = from_bits<Arch>(half << 52);
  return xsimd::fma(power, m, power) * from_bits<Arch>((whole - half) << 52);
}

/// What x = k ln 2 + r is split into.
template <class B>
struct Reduced {
  B k;
  Sum<B> r;
};
template <class B>
[[gnu::always_inline]] inline Reduced<B> reduced(const B& x) {
  const B k = xsimd::nearbyint(x * std::numbers::log2e);
  const B high = xsimd::fma(k, B(-ln2_high), x), r = xsimd::fma(k, B(-ln2_low), high);
  return {k, {r, xsimd::fma(k, B(-ln2_low), high - r)}};
}

/// (e^x - 1) / 4, which is in range where e^x / 2 is, as hyperbolic functions need it.
template <class B>
[[gnu::always_inline]] inline B quarter_expm1(const B& x) {
  const auto [k, r] = reduced(at_least(-40, at_most(710.6, x)));
  const B power = power_of_two(k - 2.0);
  return xsimd::fma(power, expm1_near_zero(r), power - 0.25);
}

/// e^x. Without the low part of r, which is half a unit in its last place: that of the result, where e^r - 1 is added
/// to 1, is four times as large.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> exp(const Doubles<Arch>& x) {
  const auto [k, sum] = reduced(at_least(-746, at_most(710, x)));
  const auto& r = sum.high;
  return scaled<Arch>(k, xsimd::fma(polynomial(r, exp_coefficients), r * r, r));
}

/// 2^x.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> exp2(const Doubles<Arch>& x) {
  using B = Doubles<Arch>;
  const B in_range = at_least(-1076, at_most(1025, x)), k = xsimd::nearbyint(in_range), rest = in_range - k;
  const B r = rest * std::numbers::ln2, low = rest * 0x1.abc9e3b39803fp-56;
  return scaled<Arch>(k, expm1_near_zero<B>({r, xsimd::fms(rest, B(std::numbers::ln2), r) + low}));
}

/// e^x - 1.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> expm1(const Doubles<Arch>& x) {
  return (quarter_expm1(x) * 4.0) | xsimd::bitofsign(x);
}

}  // namespace duet::simd
