// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>  // std::allocator and std::construct_at; <memory> would cost users ten times as much

#include <duet/op/error.hpp>

namespace duet::tape {

// Filling and copying, in line. A library's functions for it would take a good part of the time of a small derivative,
// and for large arrays some are several times slower than loops where source and target begin at the same place of a
// page, as large arrays do. Compilers make calls of these functions of plain loops, not of those that go in steps.

/// Constructs copies of `x`.
template <class T>
[[gnu::always_inline]] inline void fill_new(T* to, std::size_t count, const T& x) {
  for (; count >= 4; count -= 4, to += 4) {
    std::construct_at(to, x);
    std::construct_at(to + 1, x);
    std::construct_at(to + 2, x);
    std::construct_at(to + 3, x);
  }
  for (; count > 0; --count) std::construct_at(to++, x);
}

/// Calls `put(to, x)` for `count` elements from `from` on, four at a time if there are many. Few are taken one by one:
/// what has just been written as one number is slow to read together with another.
template <class T>
[[gnu::always_inline]] inline void copy_by(const T* from, std::size_t count, T* to, const auto& put) {
  if (count >= 16) {
    for (; count >= 4; count -= 4, from += 4, to += 4) {
      const T a = from[0], b = from[1], c = from[2], d = from[3];
      put(to, a);
      put(to + 1, b);
      put(to + 2, c);
      put(to + 3, d);
    }
  }
  for (; count > 0; --count) put(to++, *from++);
}

/// Constructs copies of the elements from `from` on.
template <class T>
[[gnu::always_inline]] inline void copy_new(const T* from, std::size_t count, T* to) {
  copy_by(from, count, to, [](T* at, const T& x) { std::construct_at(at, x); });
}

/// Assigns the elements from `from` on.
template <class T>
[[gnu::always_inline]] inline void copy(const T* from, std::size_t count, T* to) {
  copy_by(from, count, to, [](T* at, const T& x) { *at = x; });
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

  [[gnu::always_inline]] std::size_t size() const { return static_cast<std::size_t>(end_ - begin_); }
  std::size_t bytes() const { return size() * sizeof(T); }
  [[gnu::always_inline]] T* data() { return begin_; }
  [[gnu::always_inline]] const T* data() const { return begin_; }
  [[gnu::always_inline]] const T* end() const { return end_; }
  [[gnu::always_inline]] T& operator[](std::size_t i) { return begin_[i]; }
  [[gnu::always_inline]] const T& operator[](std::size_t i) const { return begin_[i]; }

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
    if (capacity > most_) capacity = most_;
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
