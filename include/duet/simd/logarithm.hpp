// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/simd/exponential.hpp>

/// Logarithms of batches of doubles. The argument is split into 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2). With
/// s = f / (2 + f), log(1 + f) is 2 artanh(s) = f - s (f - R(s^2)) = f - f^2 / 2 + s (f^2 / 2 + R(s^2)), where what is
/// exact comes first and errors of the quotient weigh little (the way of fdlibm, 1993).
namespace duet::simd {

/// R(z) / z, where 2 artanh(s) = s (2 + R(s^2)), for |s| <= (sqrt(2) - 1) / (sqrt(2) + 1), such that the logarithm has
/// the least relative error, 2e-18 (Remez' algorithm).
inline constexpr double log_coefficients[] = {0x1.5555555555592p-1, 0x1.999999997ff45p-2, 0x1.24924941ded38p-2,
                                              0x1.c71c52164d09ap-3, 0x1.74663c89939b3p-3, 0x1.39a1f25f101d4p-3,
                                              0x1.2f035e54f5b46p-3};

/// k ln 2 + high + low + lost; the last one, what a square lost by rounding, matters to powers only.
template <class B>
struct Logarithm {
  B k, high, low, lost;
};

/// x = 2^k m with sqrt(1/2) <= m < sqrt(2), where x is positive, neither infinite nor subnormal.
template <class Arch>
struct Normalised {
  Doubles<Arch> k, m;
  Bits<Arch> power;  ///< the exponent of 2^k where doubles have it
};
template <class Arch>
[[gnu::always_inline]] inline Normalised<Arch> normalised(const Doubles<Arch>& x) {
  constexpr std::uint64_t one = bits(1.0), integer = bits(0x1p52);
  const Bits<Arch> from_root = bits<Arch>(x) + Bits<Arch>(one - bits(std::numbers::sqrt2 / 2));
  const Bits<Arch> exponent = from_root >> 52, power = exponent << 52;
  return {from_bits<Arch>(exponent | Bits<Arch>(integer)) - (0x1p52 + exponent_bias),
          from_bits<Arch>(bits<Arch>(x) - power + Bits<Arch>(one)), power};
}

/// log(2^k (1 + f)).
template <class B>
[[gnu::always_inline]] inline Logarithm<B> split_log(const B& k, const B& f) {
  const B s = f / (f + 2.0), z = s * s, half = f * 0.5, half_square = half * f, high = f - half_square;
  const B low = xsimd::fma(s, xsimd::fma(z, polynomial(z, log_coefficients), half_square), f - high - half_square);
  return {k, high, low, xsimd::fnma(half, f, half_square)};
}

/// log(x) for x as `normalised` takes them.
template <class B>
[[gnu::always_inline]] inline Logarithm<B> split_log(const B& x) {
  const auto [k, m, power] = normalised(x);
  return split_log(k, m - 1.0);
}

/// log(1 + x) for x > -1: beside the sum, what it has lost by rounding is small.
template <class Arch>
[[gnu::always_inline]] inline Logarithm<Doubles<Arch>> split_log1p(const Doubles<Arch>& x) {
  const Doubles<Arch> sum = x + 1.0, part = sum - 1.0, half_lost = ((x - part) + (1.0 - (sum - part))) * 0.5;
  const auto [k, m, power] = normalised(sum);
  const auto twice_inverse_power = from_bits<Arch>(Bits<Arch>(bits(std::numeric_limits<double>::infinity())) - power);
  return split_log(k, xsimd::fma(half_lost, twice_inverse_power, m - 1.0));
}

/// Whether all are such that `split_log` knows their logarithms.
template <class B>
[[gnu::always_inline]] inline bool are_ordinary(const B& x) {
  using limits = std::numeric_limits<double>;
  return xsimd::all((x >= B(limits::min())) & (x < B(limits::infinity())));
}

/// What becomes of a logarithm that has been split: the natural one.
struct Natural {
  template <class B>
  [[gnu::always_inline]] constexpr B operator()(const Logarithm<B>& y) const {
    return xsimd::fma(y.k, B(ln2_high), y.high + xsimd::fma(y.k, B(ln2_low), y.low));
  }
};
/// That to another base, given the logarithms of 2 and e to that base, each as a sum of two.
struct ToBase {
  double two_high, two_low, e_high, e_low;

  template <class B>
  [[gnu::always_inline]] constexpr B operator()(const Logarithm<B>& y) const {
    const B large = y.k * two_high, small = y.high * e_high, sum = large + small;
    const B rest = xsimd::fms(y.high, B(e_high), small) + xsimd::fma(y.low, B(e_high), y.high * e_low);
    return sum + ((large - sum) + small + xsimd::fma(y.k, B(two_low), rest));
  }
};
inline constexpr Natural natural{};
inline constexpr ToBase binary{1.0, 0.0, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
inline constexpr ToBase decimal{0x1.34413509f6000p-2, 0x1.9fef311f12b36p-42, 0x1.bcb7b1526e50ep-2,
                                0x1.95355baaafad3p-57};

/// The logarithm `y` of `x`, mended where x is not positive or not finite.
template <class B>
[[gnu::always_inline]] inline B limited(const B& x, const B& y) {
  using limits = std::numeric_limits<double>;
  const B zero(0.0), infinity(limits::infinity());
  const auto is_inside = (x > zero) & (x < infinity);
  if (xsimd::all(is_inside)) return y;
  const B limit = xsimd::select(x == zero, -infinity, xsimd::select(x < zero, B(limits::quiet_NaN()), x));
  return xsimd::select(is_inside, y, limit);
}

/// The logarithm of x. Mending it where a lane is not ordinary takes a quarter of the time, so it is asked for first.
template <class B, class To>
[[gnu::always_inline]] inline B log_to(const To& to, const B& x) {
  if (are_ordinary(x)) [[likely]]
    return to(split_log(x));
  const auto is_subnormal = x < B(std::numeric_limits<double>::min());
  Logarithm<B> y = split_log(xsimd::select(is_subnormal, x * 0x1p54, x));
  y.k = y.k - xsimd::select(is_subnormal, B(54.0), B(0.0));
  return limited(x, to(y));
}

/// log(x).
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> log(const Doubles<Arch>& x) {
  return log_to(natural, x);
}

/// The logarithm to base 2.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> log2(const Doubles<Arch>& x) {
  return log_to(binary, x);
}

/// The logarithm to base 10.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> log10(const Doubles<Arch>& x) {
  return log_to(decimal, x);
}

/// log(1 + x).
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> log1p(const Doubles<Arch>& x) {
  return limited(x + 1.0, natural(split_log1p(x))) | xsimd::bitofsign(x);
}

}  // namespace duet::simd
