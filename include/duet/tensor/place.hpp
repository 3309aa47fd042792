// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <optional>

#include <xtensor/xstorage.hpp>

#include <duet/tensor/memory.hpp>

/// Where the elements of tensors are, and who works on them. What a tensor is and what its derivatives are is the same
/// everywhere; a place says how the few primitives are carried out that touch elements: `Memory` here, `Elements`
/// (pass.hpp), `Moves` (moves.hpp), `LineWork` (lines.hpp), `Products` (product.hpp).
namespace duet {

/// The main memory; the calling thread does the work.
struct Host {
  static constexpr const char* name = "Host";
  static constexpr bool is_main_memory = true;
};
struct Device;

/// The place of tensors whose type names none: `Tensor<double>`. A program that is compiled with
/// -DDUET_DEFAULT_PLACE=Device (and includes duet/device.hpp) has them on the device.
#if defined(DUET_DEFAULT_PLACE)
using DefaultPlace = DUET_DEFAULT_PLACE;
#else
using DefaultPlace = Host;
#endif

namespace tensor {

template <class P>
concept any_place = requires {
  { P::is_main_memory } -> std::convertible_to<bool>;
};

/// How elements are stored in a place, filled, copied and read; a `Buffer` is made for so many elements, and has their
/// `data()`; `pool()` is where the calling thread's are from. A place specialises this.
template <class P>
struct Memory;

template <>
struct Memory<Host> {
  template <class T>
  using Buffer = xt::uvector<T, Allocator<T>>;
  static auto& pool() { return Pool::here(); }

  template <class T>
  static void fill(T* to, std::size_t size, T value) {
    std::fill_n(to, size, value);
  }
  template <class T>
  static void copy(const T* from, std::size_t size, T* to) {
    std::copy_n(from, size, to);
  }
  template <class T>
  static void add(const T* from, std::size_t size, T* to) {
    for (std::size_t i = 0; i < size; ++i) to[i] += from[i];
  }
  template <class T>
  static bool is_finite(const T* x, std::size_t size) {
    return std::all_of(x, x + size, [](T element) { return std::isfinite(element); });
  }
  /// To and from the main memory.
  template <class T>
  static void read(const T* from, std::size_t size, T* to) {
    std::copy_n(from, size, to);
  }
  template <class T>
  static void write(const T* from, std::size_t size, T* to) {
    std::copy_n(from, size, to);
  }
  /// As numbers of another type.
  template <class T, class U>
  static void convert(const T* from, std::size_t size, U* to) {
    std::transform(from, from + size, to, [](T element) { return static_cast<U>(element); });
  }
};

}  // namespace tensor

/// The memory of the calling thread's tensors in a place. A tensor that another thread destroys counts there.
template <class P = DefaultPlace>
TensorMemory tensor_memory() {
  return tensor::Memory<P>::pool().facts();
}

/// Begins to look for the peak anew.
template <class P = DefaultPlace>
void reset_peak_memory() {
  TensorMemory& facts = tensor::Memory<P>::pool().facts();
  facts.peak = facts.bytes;
}

/// Gives memory that tensors no longer use back to the system.
template <class P = DefaultPlace>
void release_kept_memory() {
  tensor::Memory<P>::pool().release();
}

}  // namespace duet
