// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/tape/var.hpp>

namespace duet::tape {

/// Where on a tape the variables stand that no record made, in runs of one after the other: they keep their derivatives
/// from sweep to sweep.
class Runs {
 public:
  /// Whether a variable made now goes on with the last run.
  [[gnu::always_inline]] bool goes_on_at(Word index) const { return index == last_.end; }
  /// Begins another run.
  [[gnu::noinline]] void begin_at(Word index) {
    if (last_.first != last_.end) before_.push_back(last_);
    last_ = {index, index};
  }
  /// The last run reaches up to `end`.
  [[gnu::always_inline]] void reach(Word end) { last_.end = end; }

  /// Nothing is left from `index` on.
  void rewind(Word index) {
    while (last_.first >= index && !before_.empty()) {
      last_ = before_.back();
      before_.pop_back();
    }
    if (last_.first > index) last_.first = index;
    if (last_.end > index) last_.end = index;
  }
  /// Nothing is left; where there was one run only.
  [[gnu::always_inline]] void renew() { last_ = {1, 1}; }
  /// There is one run only.
  void forget_others() { before_.clear(); }

  /// Calls `f(first, end)` for what is between the runs, up to `known`.
  template <class F>
  void for_each_gap(Word known, const F& f) const {
    Word from = 0;
    const auto gap_before = [&](const Run& run) {
      if (from < run.first && from < known) f(from, run.first < known ? run.first : known);
      from = run.end;
    };
    for (const Run& run : before_) gap_before(run);
    gap_before(last_);
    if (from < known) f(from, known);
  }

 private:
  struct Run {
    Word first, end;
  };

  std::vector<Run> before_;
  Run last_{1, 1};
};

}  // namespace duet::tape
