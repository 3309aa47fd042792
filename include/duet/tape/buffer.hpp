// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>  // std::construct_at and the like; <memory> would cost users ten times as much

#include <duet/op/active.hpp>
#include <duet/op/error.hpp>

namespace duet::tape {

/// Between two stores: that they are not made one. A short sweep begins before its recording has got to memory, and
/// what has just been written as a vector may be slow to read by numbers, as it is the other way round.
[[gnu::always_inline]] inline void one_by_one() { asm volatile(""); }

/// Assigns many elements from `from` on, in steps: of a plain loop compilers make a call of a library's function, some
/// of which are several times slower where source and target begin at the same place of a page, as large arrays do. No
/// step writes to two lines of the cache.
template <class T>
[[gnu::noinline]] void copy_many(const T* from, std::size_t count, T* to) {
  static constexpr int step = 8;
  if constexpr (64 % sizeof(T) == 0) {
    for (; count > 0 && reinterpret_cast<std::uintptr_t>(to) % 64 != 0; --count) *to++ = *from++;
  }
  for (; count >= step; count -= step, from += step, to += step) {
    T some[step];
    for (int k = 0; k < step; ++k) some[k] = from[k];
    for (int k = 0; k < step; ++k) to[k] = some[k];
  }
  for (; count > 0; --count) *to++ = *from++;
}

/// Assigns the elements from `from` on. Few are taken in line and one by one.
template <class T>
[[gnu::always_inline]] inline void copy(const T* from, std::size_t count, T* to) {
  if (count >= 16) [[unlikely]]
    return copy_many(from, count, to);
  for (; count > 0; --count) {
    *to++ = *from++;
    one_by_one();
  }
}

/// How arrays of `T` get their memory. Numbers that are plain bytes grow by `std::realloc`, which on Linux moves pages
/// instead of copying them once the array is large, so growing a tape of gigabytes does not stop the program.
template <class T>
struct Memory {
  static constexpr bool plain = op::is_bytes<T> && alignof(T) <= alignof(std::max_align_t);
  /// Elements beyond the capacity that may be written, so that small numbers are set two at a time.
  static constexpr int step = plain && sizeof(T) <= sizeof(double) ? 2 : 1, slack = step - 1;
  static constexpr std::align_val_t alignment{alignof(T)};

  /// The capacity after `capacity` that `least` elements need. Elements are referred to by 32-bit numbers and offsets;
  /// more than `most` of them are a TapeError.
  static std::size_t larger(std::size_t capacity, std::size_t least, std::size_t most) {
    if (least > most) throw TapeError("duet: the tape is full; use duet::checkpoint or several tapes");
    capacity *= 2;
    if (capacity < 64) capacity = 64;
    if (capacity < least) capacity = least;
    return capacity < most ? capacity : most;
  }

  /// Moves an array, of which `used` elements exist, to one of another capacity.
  static T* move(T* from, std::size_t used, std::size_t capacity) {
    if constexpr (plain) {
      void* const larger = std::realloc(static_cast<void*>(from), (capacity + slack) * sizeof(T));
      if (!larger) throw std::bad_alloc();
      return static_cast<T*>(larger);
    } else {
      T* const larger = static_cast<T*>(::operator new(capacity * sizeof(T), alignment));
      std::uninitialized_move(from, from + used, larger);
      std::destroy(from, from + used);
      release(from);
      return larger;
    }
  }

  static void release(T* memory) {
    if constexpr (plain) {
      std::free(static_cast<void*>(memory));
    } else {
      ::operator delete(memory, alignment);
    }
  }

  /// Constructs copies of the elements from `from` on.
  [[gnu::always_inline]] static void copy(const T* from, std::size_t count, T* to) {
    if constexpr (plain) {
      tape::copy(from, count, to);
    } else {
      std::uninitialized_copy_n(from, count, to);
    }
  }

  /// Constructs copies of `x` up to `end`.
  [[gnu::always_inline]] static void fill(T* to, T* end, const T& x) {
    if constexpr (plain) {
      if (end - to >= 32) [[unlikely]]
        to = fill_many(to, end, x);
    }
    fill_few(to, end, x);
  }
  /// The same where it isn't asked whether these are many.
  [[gnu::always_inline]] static void fill_few(T* to, T* end, const T& x) {
    if constexpr (plain) {
      fill_by<step>(to, end, x);
    } else {
      std::uninitialized_fill(to, end, x);
    }
  }

 private:
  /// Returns where the rest begins.
  [[gnu::noinline]] static T* fill_many(T* to, T* end, T x) { return fill_by<8>(to, end - 7, x); }

  template <int count>
  [[gnu::always_inline]] static T* fill_by(T* to, T* end, const T x) {
    while (to < end) {
      for (int k = 0; k < count; ++k) std::construct_at(to + k, x);
      to += count;
      // Nothing clever about how often, which costs more than a few steps: 2 % of the gradient of a short function.
      asm volatile("" : "+r"(to));
    }
    return to;
  }
};

/// A growing array that is written at its end, as fast as memory allows: whoever writes asks for room once and then
/// stores through a pointer.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t most = std::size_t{0x7FFF'FFFF}) : most_(most) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    truncate(0);
    Memory<T>::release(begin_);
  }

  [[gnu::always_inline]] std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  /// Whether there are so many elements. As a comparison of addresses, which takes less than to work out the size.
  [[gnu::always_inline]] bool holds(std::size_t count) const {
    return reinterpret_cast<std::uintptr_t>(begin_) + count * sizeof(T) <= reinterpret_cast<std::uintptr_t>(end_);
  }
  std::size_t bytes() const { return size() * sizeof(T); }
  [[gnu::always_inline]] T* data() { return begin_; }
  [[gnu::always_inline]] const T* data() const { return begin_; }
  [[gnu::always_inline]] T* end() { return end_; }
  [[gnu::always_inline]] const T* end() const { return end_; }
  [[gnu::always_inline]] T& operator[](std::size_t i) { return begin_[i]; }
  [[gnu::always_inline]] const T& operator[](std::size_t i) const { return begin_[i]; }

  /// Where the next element goes, with room for `count` of them. They exist only once `append` says so.
  [[gnu::always_inline]] T* room(std::size_t count) {
    if (__builtin_constant_p(count) && count == 1) {
      if (end_ == limit_) [[unlikely]]
        grow(1);
      return end_;
    }
    const std::ptrdiff_t bytes = reinterpret_cast<const char*>(limit_) - reinterpret_cast<const char*>(end_);
    if (static_cast<std::size_t>(bytes) < count * sizeof(T)) [[unlikely]]
      grow(count);
    return end_;
  }
  /// Says that `count` elements have been constructed at `room(count)`.
  [[gnu::always_inline]] void append(std::size_t count) { end_ += count; }

  [[gnu::always_inline]] void push(const T& x) {
    std::construct_at(room(1), x);
    append(1);
  }
  /// Appends copies of `x` until it is `count` elements long.
  void extend(std::size_t count, const T& x) {
    if (count <= size()) return;
    room(count - size());
    Memory<T>::fill(end_, begin_ + count, x);
    end_ = begin_ + count;
  }

  void truncate(std::size_t count) {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(begin_ + count, end_);
    end_ = begin_ + count;
  }

 private:
  [[gnu::noinline]] void grow(std::size_t count) {
    const std::size_t used = size(), capacity = static_cast<std::size_t>(limit_ - begin_);
    const std::size_t larger = Memory<T>::larger(capacity, used + count, most_);
    begin_ = Memory<T>::move(begin_, used, larger);
    end_ = begin_ + used;
    limit_ = begin_ + larger;
  }

  T* begin_ = nullptr;
  T* end_ = nullptr;
  T* limit_ = nullptr;
  std::size_t most_;
};

}  // namespace duet::tape
