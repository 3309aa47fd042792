// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <bit>

#include <duet/op/comparison.hpp>
#include <duet/simd/functions.hpp>

namespace duet::tape {

/// Several numbers of type `T` that are computed at once: a SIMD batch where there are such, else a single number.
template <class T>
struct Lanes {
  using type = T;
  static constexpr std::size_t size = 1;
  static type load(const T* from) { return *from; }
  static void store(T* to, const type& x) { *to = x; }
  static void stream(T* to, const type& x) { *to = x; }
  static T sum(const type& x) { return x; }
  /// Whether some lane is not a number.
  static bool has_nan(const type& x) { return x != x; }
  /// Whether some lane of `a` is greater than that of `b`; and the greater and the lesser of both.
  static bool any_greater(const type& a, const type& b) { return a > b; }
  static type greater_of(const type& a, const type& b) { return a < b ? b : a; }
  static type less_of(const type& a, const type& b) { return b < a ? b : a; }
  /// Whether all lanes are zeros.
  static bool is_zero(const type& x) {
    using op::is_zero;
    return is_zero(x);
  }

  /// Says which lanes count: those from `first` to `end`.
  struct Mask {};
  static Mask mask(std::size_t, std::size_t) { return {}; }
  /// Zeros in place of the lanes that don't.
  static const type& counted(const type& x, const Mask&) { return x; }
};

template <class T>
requires std::same_as<T, double> || std::same_as<T, float>
struct Lanes<T> {
  using type = simd::Batch<T>;
  static constexpr std::size_t size = type::size;
  [[gnu::always_inline]] static type load(const T* from) { return type::load_unaligned(from); }
  [[gnu::always_inline]] static void store(T* to, const type& x) { x.store_unaligned(to); }
  [[gnu::always_inline]] static void stream(T* to, const type& x) { simd::stream(to, x); }
  [[gnu::always_inline]] static T sum(const type& x) { return xsimd::hadd(x); }
  [[gnu::always_inline]] static bool has_nan(const type& x) { return xsimd::any(op::NotEqual::value(x, x)); }
  [[gnu::always_inline]] static bool any_greater(const type& a, const type& b) { return xsimd::any(a > b); }
  [[gnu::always_inline]] static type greater_of(const type& a, const type& b) { return xsimd::select(a < b, b, a); }
  [[gnu::always_inline]] static type less_of(const type& a, const type& b) { return xsimd::select(b < a, b, a); }
  [[gnu::always_inline]] static bool is_zero(const type& x) { return !xsimd::any(op::NotEqual::value(x, type(T(0)))); }

  using Mask = type;
  static Mask mask(std::size_t first, std::size_t end) {
    return load(bits.row + size - first) & load(bits.row + 2 * size - std::min(end, size));
  }
  [[gnu::always_inline]] static type counted(const type& x, const Mask& mask) { return x & mask; }

 private:
  /// As many times no bit, all bits, and no bit, as there are lanes.
  struct Bits {
    T row[3 * size]{};
    constexpr Bits() {
      using Word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
      for (std::size_t k = 0; k < size; ++k) row[size + k] = std::bit_cast<T>(~Word{0});
    }
  };
  static constexpr Bits bits{};
};

}  // namespace duet::tape
