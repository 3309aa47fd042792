// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <xsimd/xsimd.hpp>

#include <duet/op/active.hpp>

namespace duet::tape {

/// Several numbers of type `T` that are computed at once: a SIMD batch where there are such, else a single number.
template <class T>
struct Lanes {
  using type = T;
  static constexpr std::size_t size = 1;
  static type load(const T* from) { return *from; }
  static void store(T* to, const type& x) { *to = x; }
  static T sum(const type& x) { return x; }
};

template <class T>
requires std::same_as<T, double> || std::same_as<T, float>
struct Lanes<T> {
  using type = xsimd::batch<T>;
  static constexpr std::size_t size = type::size;
  [[gnu::always_inline]] static type load(const T* from) { return type::load_unaligned(from); }
  [[gnu::always_inline]] static void store(T* to, const type& x) { x.store_unaligned(to); }
  [[gnu::always_inline]] static T sum(const type& x) { return xsimd::hadd(x); }
};

}  // namespace duet::tape
