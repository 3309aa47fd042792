// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <concepts>

/// Rows of derivatives in vector registers. Left to themselves, compilers turn the loop over a dual's directions into
/// scalar code or into shuffles; taking fixed chunks halves the time of duals with many directions
/// (bench/forward_jet.cpp).
namespace duet::chunks {

/// Numbers for which there are chunks.
template <class T>
concept number = std::same_as<T, double> || std::same_as<T, float>;

/// The bytes of the widest register of the target; wider vectors would change how functions pass them.
#if defined(__AVX512F__)
inline constexpr int register_bytes = 64;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32;
#else
inline constexpr int register_bytes = 16;
#endif

/// The widest chunk for `left` numbers of type `T`.
template <number T>
constexpr int width(int left) {
  int w = register_bytes / static_cast<int>(sizeof(T));
  while (w > left) w /= 2;
  return w;
}

/// The `Width` numbers from number `First` on.
template <number T, int Width, int First>
struct Chunk {
  typedef T vector __attribute__((vector_size(sizeof(T) * Width)));
  typedef T memory __attribute__((vector_size(sizeof(T) * Width), aligned(alignof(T)), may_alias));

  [[gnu::always_inline]] static vector load(const T* row) { return *reinterpret_cast<const memory*>(row + First); }
  [[gnu::always_inline]] static void store(T* row, vector x) { *reinterpret_cast<memory*>(row + First) = x; }
};
template <number T, int First>
struct Chunk<T, 1, First> {
  [[gnu::always_inline]] static T load(const T* row) { return row[First]; }
  [[gnu::always_inline]] static void store(T* row, T x) { row[First] = x; }
};

/// Calls `f` with the chunks that make up `Size` numbers.
template <number T, int Size, int First = 0>
[[gnu::always_inline]] inline void for_each(const auto& f) {
  if constexpr (First < Size) {
    constexpr int w = width<T>(Size - First);
    f(Chunk<T, w, First>{});
    for_each<T, Size, First + w>(f);
  }
}

}  // namespace duet::chunks
