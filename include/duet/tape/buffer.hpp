// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include <duet/op/error.hpp>

namespace duet::tape {

/// Up to as many elements are filled or copied in line: a call of a library's function, which is fast for many, would
/// take a good part of the time of a small derivative.
inline constexpr std::size_t few = 16;

/// Constructs copies of `x`; in pairs, since compilers turn a plain loop into the call.
template <class T>
[[gnu::always_inline]] inline void fill_new(T* to, std::size_t count, const T& x) {
  if (count > few) {
    std::uninitialized_fill_n(to, count, x);
    return;
  }
  for (; count >= 2; count -= 2, to += 2) {
    std::construct_at(to, x);
    std::construct_at(to + 1, x);
  }
  if (count > 0) std::construct_at(to, x);
}

/// Constructs copies of the elements from `from` on.
template <class T>
[[gnu::always_inline]] inline void copy_new(const T* from, std::size_t count, T* to) {
  if (count > few) {
    std::uninitialized_copy_n(from, count, to);
    return;
  }
  for (; count >= 2; count -= 2, from += 2, to += 2) {
    std::construct_at(to, from[0]);
    std::construct_at(to + 1, from[1]);
  }
  if (count > 0) std::construct_at(to, from[0]);
}

/// Assigns the elements from `from` on; one by one, since a pair that was just written as two numbers is slow to read.
template <class T>
[[gnu::always_inline]] inline void copy(const T* from, std::size_t count, T* to) {
  if (count > few) {
    std::copy_n(from, count, to);
    return;
  }
  for (std::size_t k = 0; k < count; ++k) to[k] = from[k];
}

/// A growing array that is written at its end, as fast as memory allows: whoever writes asks for room once and then
/// stores through a pointer. Numbers that are plain bytes grow by `std::realloc`, which on Linux moves pages instead of
/// copying them once the array is large, so growing a tape of gigabytes does not stop the program.
///
/// Elements are referred to by 32-bit numbers and offsets; room beyond `most` of them is a TapeError.
template <class T>
class Buffer {
  static constexpr bool plain = std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t);

 public:
  explicit Buffer(std::size_t most = std::size_t{0x7FFF'FFFF}) : most_(most) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() {
    truncate(0);
    release(begin_);
  }

  std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::size_t bytes() const { return size() * sizeof(T); }
  T* data() { return begin_; }
  const T* data() const { return begin_; }
  const T* end() const { return end_; }
  T& operator[](std::size_t i) { return begin_[i]; }
  const T& operator[](std::size_t i) const { return begin_[i]; }

  /// Whether the elements are not more than `count`.
  bool holds_at_most(std::size_t count) const { return end_ <= begin_ + count; }

  /// Where the next element goes, with room for `count` of them. They exist only once `append` says so.
  [[gnu::always_inline]] T* room(std::size_t count) {
    if (static_cast<std::size_t>(limit_ - end_) < count) [[unlikely]]
      grow(count);
    return end_;
  }
  /// Says that `count` elements have been constructed at `room(count)`.
  [[gnu::always_inline]] void append(std::size_t count) { end_ += count; }

  [[gnu::always_inline]] void push(const T& x) {
    std::construct_at(room(1), x);
    append(1);
  }
  void resize(std::size_t count, const T& x) {
    if (count <= size()) return truncate(count);
    const std::size_t more = count - size();
    fill_new(room(more), more, x);
    append(more);
  }
  /// Appends the `count` elements from `from` on.
  void push(const T* from, std::size_t count) {
    copy_new(from, count, room(count));
    append(count);
  }

  void truncate(std::size_t count) {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(begin_ + count, end_);
    end_ = begin_ + count;
  }

 private:
  [[gnu::noinline]] void grow(std::size_t count) {
    const std::size_t used = size(), least = used + count;
    if (least > most_) throw TapeError("duet: the tape is full; use duet::checkpoint or several tapes");
    std::size_t capacity = static_cast<std::size_t>(limit_ - begin_) * 2;
    if (capacity < 64) capacity = 64;
    if (capacity < least) capacity = least;
    if constexpr (plain) {
      void* const larger = std::realloc(static_cast<void*>(begin_), capacity * sizeof(T));
      if (!larger) throw std::bad_alloc();
      begin_ = static_cast<T*>(larger);
    } else {
      T* const larger = std::allocator<T>().allocate(capacity);
      std::uninitialized_move(begin_, end_, larger);
      std::destroy(begin_, end_);
      release(begin_);
      begin_ = larger;
    }
    end_ = begin_ + used;
    limit_ = begin_ + capacity;
  }
  void release(T* memory) {
    if constexpr (plain) {
      std::free(static_cast<void*>(memory));
    } else if (memory) {
      std::allocator<T>().deallocate(memory, static_cast<std::size_t>(limit_ - memory));
    }
  }

  T* begin_ = nullptr;
  T* end_ = nullptr;
  T* limit_ = nullptr;
  std::size_t most_;
};

}  // namespace duet::tape
