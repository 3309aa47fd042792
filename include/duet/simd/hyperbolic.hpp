// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/simd/logarithm.hpp>

/// Hyperbolic functions of batches of doubles and their inverses, by e^|x| - 1 and log(1 + |x|), without cancellation
/// at zero.
namespace duet::simd {

/// The hyperbolic sine of x.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> sinh(const Doubles<Arch>& x) {
  const auto m = quarter_expm1(xsimd::abs(x));
  const auto power = at_most(std::numeric_limits<double>::max(), m * 4.0 + 1.0);
  return ((m + m / power) * 2.0) | xsimd::bitofsign(x);
}

/// The hyperbolic cosine of x.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> cosh(const Doubles<Arch>& x) {
  const auto m = quarter_expm1(xsimd::abs(x));
  return (m * 2.0 + 0.5) + 0.5 / (m * 4.0 + 1.0);
}

/// The hyperbolic tangent of x, which is 1 to the last bit where x > 20.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> tanh(const Doubles<Arch>& x) {
  const auto m = quarter_expm1(at_most(20, xsimd::abs(x)) * 2.0);
  return (m / (m + 0.5)) | xsimd::bitofsign(x);
}

/// log(1 + small) where x <= 2^27, else log(2 x): the roots in inverse hyperbolic functions are x to the last bit
/// there.
template <class B>
[[gnu::always_inline]] inline B log1p_or_twice(const B& small, const B& x) {
  const auto large = x > B(0x1p27);
  return log1p(xsimd::select(large, x - 1.0, small)) + xsimd::select(large, B(std::numbers::ln2), B(0.0));
}

/// The inverse hyperbolic sine of x.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> asinh(const Doubles<Arch>& x) {
  const auto size = xsimd::abs(x), square = size * size;
  return log1p_or_twice(size + square / (xsimd::sqrt(square + 1.0) + 1.0), size) | xsimd::bitofsign(x);
}

/// The inverse hyperbolic cosine of x >= 1.
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> acosh(const Doubles<Arch>& x) {
  const auto above = x - 1.0;
  return log1p_or_twice(above + xsimd::sqrt(above) * xsimd::sqrt(above + 2.0), x);
}

/// The inverse hyperbolic tangent of x in [-1, 1].
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> atanh(const Doubles<Arch>& x) {
  const auto size = xsimd::abs(x);
  return (log1p(size * 2.0 / (1.0 - size)) * 0.5) | xsimd::bitofsign(x);
}

}  // namespace duet::simd
