// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>

#include <duet/tape/var.hpp>

/// Rows of records that read many variables, most of which lie one after the other.
namespace duet::tape {

/// Consecutive variables as a row of a record keeps them: the offset of the first, and how many.
struct Stretch {
  Key bits;

  static Stretch of(Key difference, Word count) {
    return {(difference & 0xFFFF'FFFFu) | static_cast<Key>(count) << 32};
  }
  std::ptrdiff_t offset() const { return offset_of(bits); }
  Word count() const { return static_cast<Word>(bits >> 32); }
};

/// Goes through the stretches of a mapped leaf. After the last stretch stands a word 0.
class Cursor {
 public:
  Cursor() = default;
  explicit Cursor(const Key* stretches) : next_(stretches) { open(); }

  /// The offset of the next element, and how many of its stretch are left.
  std::ptrdiff_t at() const { return at_; }
  std::size_t left() const { return left_; }

  /// Passes the next `count` elements and calls `f(offset, count)` for each piece of a stretch.
  [[gnu::always_inline]] void pass(std::size_t count, const auto& f) {
    while (count > 0) {
      const std::size_t piece = count < left_ ? count : left_;
      f(at_, piece);
      at_ += static_cast<std::ptrdiff_t>(piece);
      left_ -= piece;
      count -= piece;
      if (left_ == 0) open();
    }
  }

 private:
  void open() {
    const Stretch stretch{*next_++};
    at_ = stretch.offset();
    left_ = stretch.count();
  }

  const Key* next_ = nullptr;
  std::ptrdiff_t at_ = 0;
  std::size_t left_ = 0;
};

}  // namespace duet::tape
