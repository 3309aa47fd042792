// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

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

  /// Whether it is of this era.
  bool is_present(Key key) const { return era_of(key) == now_; }
  bool holds(Key key) const { return is_present(key) || is_kept(key); }

  /// Only the first `count` variables are left.
  void rewind(Word count) {
    while (!old_.empty() && old_.back().start >= count) old_.pop_back();
    if (start_ < count) old_.push_back({now_, start_});
    start_ = count;
    now_ = unused();
  }

  /// Nothing is left, and of older eras nothing was.
  [[gnu::always_inline]] void renew() { now_ = unused(); }
  /// Nothing is left of older eras.
  void forget_old() {
    old_.clear();
    start_ = 0;
  }

 private:
  struct Old {
    Word era, start;
  };

  /// Whether it is of an older era, and still there.
  [[gnu::noinline]] bool is_kept(Key key) const { return index_of(key) < start_ && of(index_of(key)) == era_of(key); }

  /// The era of variable `index`, which is older than this one.
  Word of(Word index) const {
    std::size_t low = 0, high = old_.size();
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (old_[middle].start <= index ? low : high) = middle;
    }
    return old_[low].era;
  }

  /// Numbers are taken in blocks, so that an era costs no atomic operation. Era 0 is nobody's.
  Word unused() {
    if (next_ == end_) [[unlikely]]
      refill();
    return next_++;
  }
  [[gnu::noinline]] void refill() {
    static constexpr Word block = 1u << 10;
    static Word blocks = 0;
    next_ = __atomic_fetch_add(&blocks, block, __ATOMIC_RELAXED);  // <atomic> costs a tenth of all this header includes
    end_ = next_ + block;
    if (next_ == 0) ++next_;
  }

  std::vector<Old> old_;
  Word now_ = 0, start_ = 0;
  Word next_ = 0, end_ = 0;
};

}  // namespace duet::tape
