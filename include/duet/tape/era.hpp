// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <atomic>
#include <iterator>
#include <vector>

#include <duet/tape/var.hpp>

namespace duet::tape {

/// Tells the variables of a tape from those of other tapes and from those that it has dropped. An era is a number that
/// no other tape has, and ends when the tape drops something; what was recorded before stays known by its old era.
///
/// The variables that are left of an era begin where it began and end where the next era did, so eras are looked up by
/// their beginnings.
class Era {
 public:
  Word now() const { return now_; }

  /// The key of variable `index`, one that the tape holds.
  Key key_of(Word index) const { return key(index < start_ ? of(index) : now_, index); }

  bool holds(Key key) const {
    if (era_of(key) == now_) return true;
    return index_of(key) < start_ && of(index_of(key)) == era_of(key);
  }

  /// Only the first `count` variables are left.
  void rewind(Word count) {
    while (!old_.empty() && old_.back().start >= count) old_.pop_back();
    if (start_ < count) old_.push_back({now_, start_});
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
    Word era, start;
  };

  /// The era of variable `index`, which is older than this one.
  Word of(Word index) const {
    const auto later = [](Word i, const Old& old) { return i < old.start; };
    return std::prev(std::upper_bound(old_.begin(), old_.end(), index, later))->era;
  }

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
