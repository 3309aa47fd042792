// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include <xsimd/xsimd.hpp>

/// The batches of numbers that maps and tensors compute with: those of xsimd, but for what x86 before AVX-512 has no
/// instruction for. There xsimd turns doubles into 64-bit integers, and shifts these with their sign, one by one, so
/// that its exponentials and logarithms of doubles cost several times what they need to.
namespace duet::simd {

/// xsimd's architecture `Base` with functions of our own: this room is where the arguments' type says to look for
/// functions, and ours, being for fewer types, are preferred to xsimd's.
template <class Base>
struct Tuned : Base {
  static constexpr bool has_limits = true;
};

/// Whether there is something to gain.
template <class Arch>
concept tunable = std::derived_from<Arch, xsimd::sse2> || std::derived_from<Arch, xsimd::avx>;

template <class T>
struct batch_of : std::type_identity<xsimd::batch<T>> {};
/// xsimd 8 takes functions of small integers for all that AVX-512BW has, which doesn't compile without optimisation.
template <class T>
requires std::derived_from<xsimd::default_arch, xsimd::avx512bw>
struct batch_of<T> : std::type_identity<xsimd::batch<T, xsimd::avx512dq>> {
};
template <std::same_as<double> T>
requires tunable<xsimd::default_arch>
struct batch_of<T> : std::type_identity<xsimd::batch<double, Tuned<xsimd::default_arch>>> {
};

/// As many numbers of type `T` as fit into a register.
template <class T>
using Batch = typename batch_of<T>::type;

/// Doubles whose functions are found here.
template <class Arch>
using Doubles = xsimd::batch<double, Tuned<Arch>>;

/// What represents them.
template <class Arch>
using Bits = xsimd::batch<std::uint64_t, Tuned<Arch>>;

template <class Arch>
[[gnu::always_inline]] inline Bits<Arch> bits(const Doubles<Arch>& x) {
  return std::bit_cast<Bits<Arch>>(x);
}
template <class Arch>
[[gnu::always_inline]] inline Doubles<Arch> from_bits(const Bits<Arch>& x) {
  return std::bit_cast<Doubles<Arch>>(x);
}

/// The bits of one double.
constexpr std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

/// c0 + c1 x + c2 x^2 + ..., the even powers and the odd ones side by side, so that half as many steps have to wait for
/// one another.
template <class B, std::size_t N>
[[gnu::always_inline]] inline B polynomial(const B& x, const double (&c)[N]) {
  const B square = x * x;
  B even(c[(N - 1) / 2 * 2]), odd(c[(N - 2) / 2 * 2 + 1]);
  for (int k = static_cast<int>((N - 1) / 2 * 2) - 2; k >= 0; k -= 2) even = xsimd::fma(even, square, B(c[k]));
  for (int k = static_cast<int>((N - 2) / 2 * 2) - 1; k >= 1; k -= 2) odd = xsimd::fma(odd, square, B(c[k]));
  return xsimd::fma(odd, x, even);
}

/// The larger and the smaller of a bound and `x`; not a number if `x` is none, as x86's instructions return the second
/// operand then.
template <class B>
[[gnu::always_inline]] inline B at_least(double bound, const B& x) {
  return xsimd::max(B(bound), x);
}
template <class B>
[[gnu::always_inline]] inline B at_most(double bound, const B& x) {
  return xsimd::min(B(bound), x);
}

/// Stores a batch past the caches to a place that is aligned as batches are: what is written once and is larger than
/// they are need not be read into them before, nor drive out what else is there. `end_streams` makes it visible to
/// other threads as other stores are.
template <class T, class Arch>
[[gnu::always_inline]] inline void stream(T* to, const xsimd::batch<T, Arch>& x) {
#ifdef __SSE2__
  if constexpr (std::derived_from<Arch, xsimd::sse2>) {
    _mm_stream_si128(reinterpret_cast<__m128i*>(to), std::bit_cast<__m128i>(x));
    return;
  }
#endif
#ifdef __AVX__
  if constexpr (std::derived_from<Arch, xsimd::avx>) {
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to), std::bit_cast<__m256i>(x));
    return;
  }
#endif
#ifdef __AVX512F__
  if constexpr (std::derived_from<Arch, xsimd::avx512f>) {
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), std::bit_cast<__m512i>(x));
    return;
  }
#endif
  x.store_unaligned(to);
}
inline void end_streams() {
#ifdef __SSE2__
  _mm_sfence();
#endif
}

}  // namespace duet::simd

/// What xsimd has to know of an architecture; the kernels of `Base` are found since `Tuned` derives from it.
template <class T, class Base>
struct xsimd::types::simd_register<T, duet::simd::Tuned<Base>> : xsimd::types::simd_register<T, Base> {
  using register_type = typename xsimd::types::simd_register<T, Base>::register_type;
  simd_register() = default;
  simd_register(register_type data) noexcept : xsimd::types::simd_register<T, Base>{data} {}
};
template <class T, class Base>
struct xsimd::types::has_simd_register<T, duet::simd::Tuned<Base>> : xsimd::types::has_simd_register<T, Base> {};
