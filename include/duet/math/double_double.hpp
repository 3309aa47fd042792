// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Double-double arithmetic: an unevaluated sum of two doubles, about 104 significant bits.  It is the working precision
// of the constant algorithms, so that one final rounding gives nearly the correctly rounded result.
//
// Error-free transforms after T. J. Dekker, "A floating-point technique for extending the available precision"
// (Numer. Math. 18, 1971) and D. E. Knuth, TAOCP vol. 2, 4.2.2.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "duet/math/floating_point.hpp"

namespace duet::math::detail {

struct DoubleDouble {
  double hi = 0;
  double lo = 0;
};

/// value * 2^exponent, for results beyond the range of a double.
struct Scaled {
  DoubleDouble value;
  int exponent = 0;
};

inline constexpr DoubleDouble ln2{0.6931471805599453, 2.3190468138462996e-17};
inline constexpr DoubleDouble ln2_reciprocal{1.4426950408889634, 2.0355273740931033e-17};
inline constexpr DoubleDouble pi{3.141592653589793, 1.2246467991473532e-16};
inline constexpr DoubleDouble half_pi{1.5707963267948966, 6.123233995736766e-17};

/// A compiler that contracts a * b - c to a fused multiply-add would use the unrounded product where the error-free
/// product needs the rounded one; hiding the rounded product behind an empty asm rules that out at run time (on a GPU
/// an addition that is never contracted does).
constexpr double rounded(double x) {
#ifdef __CUDA_ARCH__
  return __builtin_is_constant_evaluated() ? x : __dadd_rn(x, -0.0);
#else
  if (!__builtin_is_constant_evaluated()) asm("" : "+m"(x));
  return x;
#endif
}

/// a + b exactly, given |a| >= |b| or a == 0.
constexpr DoubleDouble fast_two_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}

/// a + b exactly.
constexpr DoubleDouble two_sum(double a, double b) {
  const double s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

/// x rounded to 26 significant bits.  Masking bits, unlike Dekker's multiplication, can neither overflow nor contract.
constexpr double upper_half(double x) { return std::bit_cast<double>((bits(x) + (1U << 26)) & ~((1ULL << 27) - 1)); }

/// a * b exactly, barring overflow and underflow.
constexpr DoubleDouble two_prod(double a, double b) {
  const double p = rounded(a * b), ah = upper_half(a), al = a - ah, bh = upper_half(b), bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

constexpr DoubleDouble operator-(DoubleDouble a) { return {-a.hi, -a.lo}; }

constexpr DoubleDouble operator+(DoubleDouble a, double b) {
  const DoubleDouble s = two_sum(a.hi, b);
  return fast_two_sum(s.hi, s.lo + a.lo);
}

constexpr DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble s = two_sum(a.hi, b.hi), t = two_sum(a.lo, b.lo), u = fast_two_sum(s.hi, s.lo + t.hi);
  return fast_two_sum(u.hi, u.lo + t.lo);
}

constexpr DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }
constexpr DoubleDouble operator-(DoubleDouble a, double b) { return a + -b; }

constexpr DoubleDouble operator*(DoubleDouble a, double b) {
  const DoubleDouble p = two_prod(a.hi, b);
  return fast_two_sum(p.hi, p.lo + a.lo * b);
}

constexpr DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble p = two_prod(a.hi, b.hi);
  return fast_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

constexpr DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
  const double q = a.hi / b.hi;
  const DoubleDouble p = two_prod(q, b.hi);
  return fast_two_sum(q, (((a.hi - p.hi) - p.lo) + (a.lo - q * b.lo)) / b.hi);
}

/// a * 2^k without rounding, barring overflow and underflow.
constexpr DoubleDouble times_power_of_two(DoubleDouble a, int k) {
  return {a.hi * power_of_two(k), a.lo * power_of_two(k)};
}

/// a^n by repeated squaring, from the leading bit of n on.
constexpr DoubleDouble power(DoubleDouble a, unsigned n) {
  if (n == 0) return {1.0};
  DoubleDouble result = a;
  for (unsigned bit = std::bit_floor(n) >> 1; bit != 0; bit >>= 1) {
    result = result * result;
    if ((n & bit) != 0) result = result * a;
  }
  return result;
}

/// c[0] + x * (c[1] + x * (...)).
template <std::size_t N>
constexpr double polynomial(double x, const double (&c)[N]) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = c[i] + x * sum;
  return sum;
}

/// c[0] + x * (c[1] + ... x * (c[N - 1] + x * rest)), the leading terms of a series in full precision.
template <std::size_t N>
constexpr DoubleDouble polynomial(DoubleDouble x, const DoubleDouble (&c)[N], double rest) {
  DoubleDouble sum = two_sum(c[N - 1].hi, x.hi * rest) + c[N - 1].lo;
  for (std::size_t i = N - 1; i-- > 0;) sum = c[i] + x * sum;
  return sum;
}

/// x.hi != 0 and finite, with its leading component brought to [1, 2).
constexpr Scaled normalised(DoubleDouble x) {
  const Binary b = decompose(x.hi);
  const int half = b.exponent / 2;
  return {{b.mantissa, x.lo * power_of_two(-half) * power_of_two(half - b.exponent)}, b.exponent};
}

/// value * 2^exponent rounded once to a double, with overflow to infinity and gradual underflow.  value is normalised.
constexpr double to_double(DoubleDouble value, int exponent) {
  const std::uint64_t sign = bits(value.hi) & sign_bit;
  if (value.hi == 0) return value.hi;
  const int own = static_cast<int>((bits(value.hi) >> 52) & 0x7ff) - 1023, e = own + exponent;
  if (e > 1023) return sign != 0 ? -infinity : infinity;
  if (e >= -1022) return std::bit_cast<double>(bits(value.hi) + (static_cast<std::uint64_t>(exponent) << 52));
  if (e < -1075) return std::bit_cast<double>(sign);
  // Adding a number whose last place is the last place of the subnormal result makes the hardware round there.
  const double anchor = power_of_two(own - 1022 - e), flip = sign != 0 ? -1.0 : 1.0;
  const DoubleDouble s = two_sum(anchor, flip * value.hi);
  return std::bit_cast<double>((bits(s.hi + (s.lo + flip * value.lo)) - bits(anchor)) | sign);
}

constexpr double to_double(Scaled x) { return to_double(x.value, x.exponent); }

}  // namespace duet::math::detail
