// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstring>
#include <iterator>

#include <duet/tape/buffer.hpp>
#include <duet/tape/era.hpp>

namespace duet::tape {

/// Which variables records read: rows of offsets from the variable that is made. A row that is there already is not
/// written again. After the row that was used last comes, in a loop, the one that came after it the last time; if not, a
/// small table tells where the last row with the same hash stands. The passive numbers of statements are kept likewise,
/// together with the row that they were used with.
template <class T>
class Frames {
 public:
  Frames() { add(nullptr, 0, 0); }

  const Key* rows() const { return rows_.data(); }
  const T* constants() const { return constants_.data(); }
  std::size_t bytes() const { return rows_.bytes() + constants_.bytes(); }

  /// Where the row of `Count` variables stands when `made` is made of them, if that could be guessed; else 0. Eras are
  /// part of the offsets, so that all of them are of this tape comes out along: a variable of the present era has not
  /// been dropped. For an older era that has to be looked up, so a row that reads one is found, never guessed.
  template <int Count>
  [[gnu::always_inline]] Word guess(const Key (&leaves)[Count], Key made) {
    static_assert(Count <= static_cast<int>(margin));
    const Word frame = static_cast<Word>(next(last_));
    const Key* const known = rows_.data() + frame;
    Key difference = 0;
    for (int k = 0; k < Count; ++k) difference |= (made + known[k]) ^ leaves[k];
    return difference == 0 ? last_ = frame : 0;
  }

  /// Where it stands after it has been looked for and, if need be, written; 0 if some variable is not of the tape.
  [[gnu::noinline]] Word find(const Key* leaves, std::size_t count, Key made, const Era& era) {
    Key hash = count;
    bool present = true;
    for (std::size_t k = 0; k < count; ++k) {
      if (!era.holds(leaves[k])) return 0;
      present = present && era_of(leaves[k]) == era_of(made);
      hash = (hash ^ (leaves[k] - made)) * 0x9E37'79B9'7F4A'7C15u;
    }
    Word& known = slots_[present][hash >> (64 - bits)];
    bool found = known != 0;
    for (std::size_t k = 0; found && k < count; ++k) found = rows_[known + k] == leaves[k] - made;
    if (!found) known = add(leaves, count, made);
    if (present) next(last_) = known;
    return last_ = known;
  }

  /// Writes a row.
  Word add(const Key* leaves, std::size_t count, Key made) {
    Key* const row = rows_.room(header + count + margin);
    for (std::size_t k = 0; k < header; ++k) row[k] = 0;
    for (std::size_t k = 0; k < count; ++k) row[header + k] = leaves[k] - made;
    for (std::size_t k = 0; k < margin; ++k) row[header + count + k] = 0;  // see guess
    rows_.append(header + count);
    return static_cast<Word>(rows_.size() - count);
  }

  /// Where these passive numbers stand.
  template <int Count>
  [[gnu::always_inline]] Word place(const T (&numbers)[Count], Word frame) {
    Key& known = rows_[frame - 1];
    if constexpr (std::is_trivially_copyable_v<T>) {
      if (known + Count <= constants_.size() &&
          std::memcmp(constants_.data() + known, numbers, sizeof numbers) == 0) [[likely]] {
        return static_cast<Word>(known);
      }
    }
    T* const p = constants_.room(Count);
    for (int k = 0; k < Count; ++k) std::construct_at(p + k, numbers[k]);
    known = constants_.size();
    constants_.append(Count);
    return static_cast<Word>(known);
  }

  /// How much there is.
  struct Size {
    std::size_t rows, constants;
  };
  Size size() const { return {rows_.size(), constants_.size()}; }

  /// What came after `kept` is not referred to any more. A little of it is left for the next time.
  void forget(const Size& kept) {
    if (rows_.size() < kept.rows + little && constants_.size() < kept.constants + little) return;
    rows_.truncate(std::min(kept.rows, rows_.size()));
    constants_.truncate(std::min(kept.constants, constants_.size()));
    last_ = header;
    next(last_) = header;
    for (auto& slots : slots_) std::fill(std::begin(slots), std::end(slots), 0);
  }

 private:
  /// Before a row stand the place of the row that followed it the last time, and that of the constants it was used with.
  /// Row `header` is empty. A guess may look `margin` words beyond the last row.
  static constexpr std::size_t header = 2, margin = 128, little = 1u << 15;
  static constexpr int bits = 8;

  Key& next(Word frame) { return rows_[frame - header]; }

  Buffer<Key> rows_;
  Buffer<T> constants_;
  Word last_ = header;
  Word slots_[2][1 << bits]{};  // of rows that read an older era, and of the others
};

}  // namespace duet::tape
