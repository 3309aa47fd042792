// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <atomic>
#include <vector>

#include <duet/tape/var.hpp>

namespace duet::tape {

/// Tells the variables of a tape from those of other tapes and from those that it has dropped. An era is a number that
/// no other tape has, and ends when the tape drops something; what was recorded before stays known by its old era.
class Era {
 public:
  Word now() const { return now_; }

  /// Whether this tape still holds the first `count` variables, when one of them was made in `era`.
  bool reaches(Word era, Word count) const {
    if (era == now_) [[likely]]
      return true;
    for (const Old& old : old_) {
      if (old.era == era) return count <= old.count;
    }
    return false;
  }

  bool holds(Key key) const { return reaches(era_of(key), index_of(key) + 1); }

  /// Only the first `count` variables are left.
  void rewind(Word count) {
    while (!old_.empty() && old_.back().start >= count) old_.pop_back();
    if (start_ < count) old_.push_back({now_, start_, count});
    for (Old& old : old_) old.count = old.count < count ? old.count : count;
    start_ = count;
    now_ = unused();
  }

  /// Nothing is left.
  void restart() {
    old_.clear();
    start_ = 0;
    now_ = unused();
  }

 private:
  struct Old {
    Word era, start, count;
  };

  /// Numbers are taken in blocks, so that an era costs no atomic operation. Era 0 is nobody's.
  Word unused() {
    if (next_ == end_) [[unlikely]]
      refill();
    return next_++;
  }
  [[gnu::noinline]] void refill() {
    static constexpr Word block = 1u << 10;
    static std::atomic<Word> blocks = 0;
    next_ = blocks.fetch_add(block, std::memory_order_relaxed);
    end_ = next_ + block;
    if (next_ == 0) ++next_;
  }

  std::vector<Old> old_;
  Word now_ = 0, start_ = 0;
  Word next_ = 0, end_ = 0;
};

}  // namespace duet::tape
