// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/buffer.hpp>
#include <duet/tape/var.hpp>

namespace duet::tape {

/// The values of a tape's variables, and the derivatives with respect to them. Both grow together, so that a sweep
/// finds its room made; and values are not counted, since the number of the next variable is known anyway.
template <class T>
class Columns {
 public:
  Columns() = default;
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;
  ~Columns() {
    Memory<T>::release(values_);
    Memory<T>::release(derivatives_);
  }

  T* values() { return values_; }
  const T* values() const { return values_; }
  T* derivatives() { return derivatives_; }
  const T* derivatives() const { return derivatives_; }
  /// How many derivatives there are, those of the first variables.
  Word known() const { return known_; }

  /// Where the value of variable `index` goes, the first that there isn't yet, with room for `count` of them.
  [[gnu::always_inline]] T* room(Word index, std::size_t count) {
    if (index + count > capacity_) [[unlikely]]
      grow(index, index + count);
    return values_ + index;
  }

  /// Makes the derivatives of `count` variables. Those from `set` on become zero; the others have no values.
  void make(Word set, Word count) {
    Memory<T>::fill(derivatives_ + set, derivatives_ + count, T(0));
    known_ = count;
  }

  /// Makes the derivatives of a few variables, where there are none: zeros.
  [[gnu::always_inline]] void make_few(Word count) {
    Memory<T>::fill_few(derivatives_, derivatives_ + count, T(0));
    known_ = count;
  }

  /// Makes the derivatives of `count` variables, new ones being zero.
  void extend(Word count) {
    Memory<T>::fill(derivatives_ + known_, derivatives_ + count, T(0));
    known_ = count;
  }

  /// Drops the values of the variables from number `count` to number `end`.
  [[gnu::always_inline]] void truncate(Word count, Word end) {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(values_ + count, values_ + end);
    if (known_ > count) forget(count);
  }
  /// Drops the values of the variables from number 1 to number `end`, and all derivatives.
  [[gnu::always_inline]] void clear(Word end) {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(values_ + 1, values_ + end);
    forget(0);
  }
  /// Drops the derivatives of the variables from number `count` on.
  [[gnu::always_inline]] void forget(Word count) {
    if constexpr (!std::is_trivially_destructible_v<T>) std::destroy(derivatives_ + count, derivatives_ + known_);
    known_ = count;
  }

 private:
  [[gnu::noinline]] void grow(std::size_t used, std::size_t least) {
    const std::size_t larger = Memory<T>::larger(capacity_, least, 0x7FFF'FFFF);
    derivatives_ = Memory<T>::move(derivatives_, known_, larger);
    values_ = Memory<T>::move(values_, used, larger);
    capacity_ = larger;
  }

  T* values_ = nullptr;
  T* derivatives_ = nullptr;
  std::size_t capacity_ = 0;
  Word known_ = 0;
};

}  // namespace duet::tape
