// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstring>
#include <span>

#include <duet/tape/buffer.hpp>
#include <duet/tape/era.hpp>

namespace duet::tape {

/// Which variables records read: rows of offsets from the variable that is made, in their lower halves. The passive
/// numbers of statements are kept likewise, together with the row that they were used with.
///
/// A row that is there already is not written again. What a loop reads next is guessed to be what it read next the last
/// time; if it is not, a small table tells where the last row with the same hash stands. Where guesses keep failing, as
/// they must for data without a pattern, rows are just written.
template <class T>
class InputRows {
 public:
  InputRows() { add(nullptr, 0, 0); }

  [[gnu::always_inline]] const Key* rows() const { return rows_.data(); }
  [[gnu::always_inline]] const T* constants() const { return constants_.data(); }
  std::size_t bytes() const { return rows_.bytes() + constants_.bytes(); }

  /// Where the row of `Count` variables stands when `made` is made of them, if that could be guessed; else 0. Eras are
  /// part of the offsets, so that all of them are of this tape comes out along: a variable of the present era has not
  /// been dropped. For an older era that has to be looked up, so a row that reads one is found, never guessed.
  template <int Count>
  [[gnu::always_inline]] Word guess(const Key (&leaves)[Count], Key made) {
    const Follower expected = follower();
    if (expected.misses >= patience) return 0;
    const Key* const known = rows_.data() + expected.row;
    if (known + Count > rows_.end() || !is_row(known, leaves, made)) return 0;
    last_ = {expected.row, 0};
    return expected.row;
  }

  /// Where it stands after it has been looked for and, if need be, written; 0 if some variable is not of the tape.
  [[gnu::noinline]] Word find(const Key* leaves, std::size_t count, Key made, const Era& era) {
    bool present = true;
    for (std::size_t k = 0; k < count; ++k) {
      if (era_of(leaves[k]) == era_of(made)) continue;
      if (!era.holds(leaves[k])) return 0;
      present = false;
    }
    const Follower expected = follower();
    if (expected.misses >= patience && expected.misses % 16 != 0) {
      expect({expected.row, expected.misses + 1});
      last_.irregular = 1;
      return write(leaves, count, made);
    }
    Key hash = count;
    for (std::size_t k = 0; k < count; ++k) hash = (hash ^ (leaves[k] - made)) * 0x9E37'79B9'7F4A'7C15u;
    Word& known = slots_[hash >> (64 - bits)];
    bool found = known != 0;
    for (std::size_t k = 0; found && k < count; ++k) found = rows_[known + k] == leaves[k] - made;
    const Word misses = found ? 0 : expected.misses + 1;
    if (!found) known = add(leaves, count, made);
    if (present) expect({known, misses});
    last_ = {known, 0};
    return known;
  }

  /// Writes a row.
  Word write(const Key* leaves, std::size_t count, Key made) {
    Key* const row = rows_.room(count);
    for (std::size_t k = 0; k < count; ++k) row[k] = leaves[k] - made;
    rows_.append(count);
    return static_cast<Word>(rows_.size() - count);
  }

  /// Writes a row that is no plain list of variables.
  Word write(std::span<const Key> row) { return write(row.data(), row.size(), 0); }

  /// Where these passive numbers stand; `row_at` is the row that was used last.
  template <int Count>
  [[gnu::always_inline]] Word place(const T (&numbers)[Count], Word row_at) {
    Key& known = row_at == last_.row ? rows_[row_at - 1] : note_;
    if constexpr (std::is_trivially_copyable_v<T>) {
      const T* const there = constants_.data() + known;
      if (there + Count <= constants_.end() && same_bits(there, numbers)) [[likely]]
        return static_cast<Word>(known);
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
    if (rows_.holds_at_most(kept.rows + little) && constants_.holds_at_most(kept.constants + little)) [[likely]]
      return;
    drop(kept);
  }

 private:
  [[gnu::noinline]] void drop(const Size& kept) {
    if (rows_.size() > kept.rows) rows_.truncate(kept.rows);
    if (constants_.size() > kept.constants) constants_.truncate(kept.constants);
    last_ = {header, 0};
    rows_[0] = rows_[1] = 0;
    note_ = 0;
    for (Word& slot : slots_) slot = 0;
  }

  /// Four words that are compared at once.
  using Words = Key __attribute__((vector_size(4 * sizeof(Key))));

  /// Whether this is the row of these variables.
  template <int Count>
  [[gnu::always_inline]] static bool is_row(const Key* row, const Key (&leaves)[Count], Key made) {
    Key difference = 0;
    int k = 0;
    if constexpr (Count >= 4) {
      Words differences{};
      for (; k + 4 <= Count; k += 4) {
        Words known;
        std::memcpy(&known, row + k, sizeof known);
        differences |= (known + made) ^ Words { leaves[k], leaves[k + 1], leaves[k + 2], leaves[k + 3] };
      }
      difference = (differences[0] | differences[1]) | (differences[2] | differences[3]);
    }
    for (; k < Count; ++k) difference |= (made + row[k]) ^ leaves[k];
    return difference == 0;
  }

  template <int Count>
  [[gnu::always_inline]] static bool same_bits(const T* a, const T (&b)[Count]) {
    if constexpr (sizeof(T) == sizeof(Key)) {
      Key difference = 0;
      for (int k = 0; k < Count; ++k) difference |= std::bit_cast<Key>(a[k]) ^ std::bit_cast<Key>(b[k]);
      return difference == 0;
    } else {
      return std::memcmp(a, b, sizeof b) == 0;
    }
  }

  /// What a row in use expects to come next, and how many such guesses have failed since.
  struct Follower {
    Word row, misses;
  };
  static constexpr Word patience = 4;

  /// Before a row stand its follower, its follower after an irregular row, and where the passive numbers are that it
  /// was used with. The first row is empty.
  static constexpr std::size_t header = 3, little = 1u << 15;
  static constexpr int bits = 8;

  struct Last {
    Word row, irregular;
  };
  [[gnu::always_inline]] Key& expectation() { return rows_[last_.row - header + last_.irregular]; }
  [[gnu::always_inline]] Follower follower() { return std::bit_cast<Follower>(expectation()); }
  void expect(Follower next) { expectation() = std::bit_cast<Key>(next); }

  Word add(const Key* leaves, std::size_t count, Key made) {
    rows_.extend(rows_.size() + header, 0);
    return write(leaves, count, made);
  }

  Buffer<Key> rows_;
  Buffer<T> constants_;
  Last last_{header, 0};
  Key note_ = 0;             // for irregular rows
  Word slots_[1 << bits]{};  // the last row with a hash
};

}  // namespace duet::tape
