// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/simd/logarithm.hpp>

/// Powers of batches of doubles: e^(b log a), where the logarithm and the product carry what their rounding has lost.
namespace duet::simd {

/// b log(x) of what has been split.
template <class B>
[[gnu::always_inline]] inline Sum<B> times_log(const B& b, const Logarithm<B>& y) {
  const B large = y.k * ln2_high, sum = large + y.high, small = xsimd::fma(y.k, B(ln2_low), y.low);
  const B log_high = sum + small, log_low = (sum - log_high) + small + ((large - sum) + y.high + y.lost);
  const B product = b * log_high;
  return {product, xsimd::fma(b, log_low, xsimd::fms(b, log_high, product))};
}

/// e^(x.high + x.low).
template <class B>
[[gnu::always_inline]] inline B exp_of_sum(const Sum<B>& x) {
  const auto [k, r] = reduced(at_least(-746, at_most(710, x.high)));
  const B m = expm1_near_zero(r);
  return scaled(k, m + xsimd::fma(m, x.low, x.low));
}

/// A power where not all lanes are ordinary: all cases that C's annex F lists.
template <class B>
[[gnu::noinline, gnu::cold]] B pow_of_any(const B& a, const B& b) {
  using limits = std::numeric_limits<double>;
  const B zero(0.0), one(1.0), infinity(limits::infinity()), size = xsimd::abs(a);
  const auto is_subnormal = size < B(limits::min());
  Logarithm<B> y = split_log(xsimd::select(is_subnormal, size * 0x1p54, size));
  y.k = y.k - xsimd::select(is_subnormal, B(54.0), zero);
  const auto is_limit = (size == zero) | !(size < infinity);
  Sum<B> exponent = times_log(b, y);
  exponent.high = xsimd::select(is_limit, b * limited(size, size), exponent.high);
  exponent.low = xsimd::select(is_limit | !(xsimd::abs(exponent.high) < B(800.0)), zero, exponent.low);
  B power = xsimd::select((b == zero) | (size == one), one, exp_of_sum(exponent));

  const B half = b * 0.5;
  const auto is_integer = xsimd::nearbyint(b) == b, is_even = xsimd::nearbyint(half) == half;
  power = xsimd::select(is_integer & !is_even, power | xsimd::bitofsign(a), power);
  const auto is_undefined = (a < zero) & (size < infinity) & !is_integer;
  return xsimd::select(is_undefined, B(limits::quiet_NaN()), power);
}

/// a to the power of b.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> pow(const Doubles<Arch>& a, const Doubles<Arch>& b) {
  const auto exponent = times_log(b, split_log(a));
  if (are_ordinary(a) && xsimd::all(xsimd::abs(exponent.high) < Doubles<Arch>(700.0))) return exp_of_sum(exponent);
  return pow_of_any(a, b);
}

}  // namespace duet::simd
