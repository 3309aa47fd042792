// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include <duet/tape/buffer.hpp>
#include <duet/tape/era.hpp>
#include <duet/tape/repeats.hpp>

namespace duet::tape {

template <class T>
struct Record;

/// Which variables records read: rows of offsets from the variable that is made, in their lower halves. The passive
/// numbers of statements are kept likewise, together with the row that they were used with.
///
/// A row that is there already is not written again. What a loop reads next is guessed to be what it read next the last
/// time; if it is not, a small table tells where the last row with the same hash stands. Where guesses keep failing, as
/// they must for data without a pattern, rows are just written, unless a loop has come again. So are all others once
/// nothing has been found for long, until a row is found that there has been before.
template <class T>
class InputRows {
 public:
  InputRows() { rows_.extend(header, 0); }

  [[gnu::always_inline]] const Key* rows() const { return rows_.data(); }
  [[gnu::always_inline]] const T* constants() const { return constants_.data(); }
  std::size_t bytes() const { return rows_.bytes() + constants_.bytes(); }

  /// Where the row of `Count` variables stands when `made` is made of them, if that could be guessed; else 0. Eras are
  /// part of the offsets, so that all of them are of this tape comes out along: a variable of the present era has not
  /// been dropped. For an older era that has to be looked up, so a row that reads one is found, never guessed.
  /// `repeats` are those of the leaves (repeats.hpp).
  template <int Count>
  [[gnu::always_inline]] Word guess(const Key (&leaves)[Count], Key made, Key repeats) {
    static_assert(Count > 0);
    const Key expected = rows_[static_cast<Word>(due_)];
    if (tag_of(expected) != tag(Count)) [[unlikely]]
      return 0;
    const Word row = static_cast<Word>(expected);
    if (!is_row(rows_.data() + row, leaves, made, repeats)) [[unlikely]]
      return 0;
    if (row == 0) __builtin_unreachable();
    due_ = row - header;
    return row;
  }

  /// Where the row of what `tape` makes next stands after it has been looked for and, if need be, written; 0 if some
  /// variable is not of the tape.
  template <class Tape>
  [[gnu::noinline]] Word find(const Tape& tape, const Key* leaves, std::size_t count, Key repeats = 0) {
    const Key made = tape.next();
    Key eras = 0;
    for (std::size_t k = 0; k < count; ++k) {
      eras |= leaves[k] ^ made;
      one_by_one();  // as they have been written
    }
    const bool present = era_of(eras) == 0;
    for (std::size_t k = 0; !present && k < count; ++k) {
      if (!tape.era().holds(leaves[k])) return 0;
    }
    const Word missed = misses();
    if (missed >= patience && missed % 16 != 0) {
      return find_irregular(tape, leaves, count, made);
    }
    // written right away, as it is new more often than not
    const bool is_bare = is_large_ && vain_ >= enough_;
    Key* row = rows_.room(header + count) + (is_bare ? 0 : header);
    for (std::size_t k = 0; k < count; ++k) {
      row[k] = leaves[k] - made;
      one_by_one();  // likewise
    }
    const Key hash = hash_of(row, count) + repeats * multiplier;
    Key& slot = slot_of(hash);
    Word known = row_in(slot, hash, row, count);
    vain_ = known != 0 ? 0 : vain_ + 1;
    if (vain_ > 32 * spacing_) spacing_ *= 2;
    if (is_bare && known == 0) {
      append(count);
      known = static_cast<Word>(rows_.size() - count);
      slot = (hash | bare) << 32 | known;
      pass(bare_note(known, count, static_cast<Word>(note_)));
      return known;
    }
    if (is_bare) {  // no longer: a loop has come again
      enough_ = static_cast<Word>(rows_.size());
      std::copy_backward(row, row + count, row + header + count);
      row += header;
    }
    const bool found = known != 0 && (slot >> 32 & bare) == 0 && rows_[known - 2] == repeats;
    if (!found) {
      row[-4] = row[-3] = 0;  // no offset is zero, so no row before is taken to go on here
      row[-2] = repeats;
      row[-1] = Key{repeated(row, count)} << 32;
      append(header + count);
      known = static_cast<Word>(rows_.size() - count);
      slot = (hash & ~bare) << 32 | known;
    }
    if (present) expect(known, count, found ? 0 : missed + 1);
    due_ = known - header;
    return known;
  }

  /// Writes a row.
  Word write(const Key* leaves, std::size_t count, Key made) {
    Key* const row = rows_.room(count);
    for (std::size_t k = 0; k < count; ++k) {
      row[k] = leaves[k] - made;
      one_by_one();  // as they have been written
    }
    append(count);
    return static_cast<Word>(rows_.size() - count);
  }

  /// Writes a row that is no plain list of variables.
  Word write(std::span<const Key> row) {
    copy(row.data(), row.size(), rows_.room(row.size()));
    append(row.size());
    return static_cast<Word>(rows_.size() - row.size());
  }

  /// What a record has to know of the row that was used last, which stands at `row_at`: where the passive numbers are
  /// that it was used with, and above that an offset that occurs several times in it, if there is one.
  [[gnu::always_inline]] Key note(Word row_at) const { return row_at - header == due_ ? rows_[row_at - 1] : note_; }
  /// The same for a row that is used with these numbers.
  template <int Count>
  [[gnu::always_inline]] Key note(Word row_at, const T (&numbers)[Count]) {
    const Key known = note(row_at);
    if constexpr (op::is_bytes<T>) {
      const std::size_t at = static_cast<Word>(known);
      if (constants_.holds(at + Count) && same_bits(constants_.data() + at, numbers)) [[likely]]
        return known;
    }
    return keep(row_at, known, numbers);
  }

  /// How much there is.
  struct Size {
    std::size_t rows, constants;
  };
  Size size() const { return {rows_.size(), constants_.size()}; }

  /// What came after `kept` is not referred to any more. A little of it is left for the next time.
  void forget(const Size& kept) {
    if (rows_.size() > kept.rows + little || constants_.size() > kept.constants + little) drop(kept);
  }
  /// Nothing is referred to any more.
  [[gnu::always_inline]] void forget() {
    if (is_large_) [[unlikely]]
      drop({header, 0});
  }

 private:
  [[gnu::noinline]] void drop(const Size& kept) {
    if (rows_.size() > kept.rows) rows_.truncate(kept.rows);
    if (constants_.size() > kept.constants) constants_.truncate(kept.constants);
    is_large_ = rows_.size() > little || constants_.size() > little;
    due_ = 0;
    for (std::size_t k = 0; k < header; ++k) rows_[k] = 0;
    note_ = 0;
    vain_ = new_ = period_ = 0;
    enough_ = patience;
    spacing_ = 1;
    for (Key& slot : slots_) slot = 0;
    for (Landmark& one : landmarks_) one = {};
    epoch_ = kept.rows <= header ? epoch : epoch_ < last_epoch ? epoch_ + epoch : epoch_;
  }

  /// Four words that are compared at once.
  using Words = Key __attribute__((vector_size(4 * sizeof(Key))));

  /// Whether this is the row of these variables. One by one, as long as that is not too many branches.
  template <int Count>
  [[gnu::always_inline]] static bool is_row(const Key* row, const Key (&leaves)[Count], Key made, Key repeats) {
    if constexpr (tells_repeats<Count>) {
      if (row[-2] != repeats) [[unlikely]]
        return false;
      if (repeats != 0) return is_row_but_repeats(row, leaves, made, repeats, std::make_index_sequence<Count>{});
    }
    int k = 0;
    Words differences{};
    for (; Count > 9 && k + 4 <= Count; k += 4) {
      Words known;
      std::memcpy(&known, row + k, sizeof known);
      differences |= (known + made) ^ Words { leaves[k], leaves[k + 1], leaves[k + 2], leaves[k + 3] };
    }
    const auto halves = __builtin_shufflevector(differences, differences, 0, 1) |
                        __builtin_shufflevector(differences, differences, 2, 3);
    if (Count > 9 && (halves[0] | halves[1]) != 0) [[unlikely]]
      return false;
    for (; k < Count; ++k) {
      if (row[k] != leaves[k] - made) [[unlikely]]
        return false;
    }
    return true;
  }

  template <int Count>
  [[gnu::always_inline]] static bool same_bits(const T* a, const T (&b)[Count]) {
    if constexpr (sizeof(T) == sizeof(Key)) {
      for (int k = 0; k < Count; ++k) {
        if (std::bit_cast<Key>(a[k]) != std::bit_cast<Key>(b[k])) return false;
      }
      return true;
    } else {
      return std::memcmp(a, b, sizeof b) == 0;
    }
  }

  /// Writes passive numbers.
  template <int Count>
  [[gnu::always_inline]] Key keep(Word row_at, Key note, const T (&numbers)[Count]) {
    T* const p = constants_.room(Count);
    for (int k = 0; k < Count; ++k) std::construct_at(p + k, numbers[k]);
    note = (note & ~Key{0xFFFF'FFFF}) | constants_.size();
    constants_.append(Count);
    is_large_ = is_large_ || constants_.size() > little;
    (row_at - header == due_ ? rows_[row_at - 1] : note_) = note;
    return note;
  }

  /// What a row expects to come next: where that row stands, its tag, and how many such guesses have failed since, from
  /// below. The tag is that of no row if nothing is to be guessed. It is of an epoch, since a row that is kept may
  /// expect one that has been dropped.
  [[gnu::always_inline]] static Word tag_of(Key follower) { return static_cast<Word>(follower >> 32) & 0xFF'FFFF; }
  [[gnu::always_inline]] Word tag(std::size_t count) const { return epoch_ + static_cast<Word>(count); }
  static constexpr Word epoch = 1u << 8, last_epoch = (1u << 24) - epoch;

  /// Before a row stand its follower, its follower after an irregular row, its repeats, and its note. The first row is
  /// empty.
  static constexpr Word header = 4, patience = 4;
  static constexpr std::size_t little = 1u << 15;
  static constexpr int bits = 7;
  static constexpr Key bare = 1;
  static constexpr Word short_period = 64;  ///< in records; the rows of such loops are found before they are forgotten

  /// How many guesses of the follower that is due have failed; more than there is room for are some others.
  Word misses() const { return static_cast<Word>(rows_[static_cast<Word>(due_)] >> 56); }
  void set_misses(Word count) {
    Key& follower = rows_[static_cast<Word>(due_)];
    follower = (follower << 8 >> 8) | Key{count < 256 ? count : 240} << 56;
  }

  void expect(Word row, std::size_t count, Word missed) {
    const bool guessed = missed < patience && count < epoch && epoch_ < last_epoch;
    rows_[static_cast<Word>(due_)] = Key{guessed ? tag(count) : 0} << 32 | row;
    set_misses(missed);
  }

  /// Where the last row with a hash stands, below the rest of the hash, of which the last bit says whether it is bare.
  /// Most rows are forgotten soon, as others take their slots; landmarks share theirs with few, so that one of them is
  /// found when a loop comes again, however long it is.
  Key& slot_of(Key hash) { return slots_[(hash >> (64 - bits)) | (is_landmark(hash) ? Key{1} << bits : 0)]; }
  bool is_landmark(Key hash) const { return (hash >> 32 & (spacing_ - 1)) == 0; }
  /// Where the row stands, if a slot tells; else 0. Mostly the hash says that it is another one, without a look at it.
  Word row_in(Key slot, Key hash, const Key* row, std::size_t count) const {
    const Word known = static_cast<Word>(slot);
    if (known == 0 || (slot >> 32 | bare) != (static_cast<Word>(hash) | bare)) return 0;
    for (std::size_t k = 0; k < count; ++k) {
      if (rows_[known + k] != row[k]) return 0;
    }
    return known;
  }

  /// An irregular row among regular ones, of which none tells what comes next. If a loop has come again, it is that of
  /// the record that stands where this one will, one period before.
  template <class Tape>
  Word find_irregular(const Tape& tape, const Key* leaves, std::size_t count, Key made) {
    if (period_ != 0) {
      const Record<T>* const before = tape.record_before(period_);
      if (before && is_row_at(before->row_at, leaves, count, made)) {
        new_ = 0;
        pass(bare_note(before->row_at, count, before->numbers));
        return before->row_at;
      }
    }
    set_misses(misses() + 1);
    const Word row = write(leaves, count, made);
    pass(bare_note(row, count, static_cast<Word>(note_)));
    if (++new_ > 32 * spacing_) spacing_ *= 2;
    const Key hash = hash_of(&rows_[row], count);
    if (is_landmark(hash)) {
      Landmark& last = landmarks_[hash >> (64 - bits)];
      const Word now = static_cast<Word>(tape.records().size()), tag = static_cast<Word>(hash);
      if (last.tag == tag && now > last.records + short_period) period_ = now - last.records;
      last = {tag, now};
    }
    return row;
  }
  bool is_row_at(Word row, const Key* leaves, std::size_t count, Key made) const {
    if (row + count > rows_.size()) return false;
    Key differences = 0;
    for (std::size_t k = 0; k < count; ++k) {
      differences |= rows_[row + k] ^ (leaves[k] - made);
      one_by_one();  // as they have been written
    }
    return differences == 0;
  }

  static constexpr Key multiplier = 0x9E37'79B9'7F4A'7C15u;
  static Key hash_of(const Key* row, std::size_t count) {
    Key sum = count;
    for (std::size_t k = 0; k < count; ++k) {
      sum += row[k] * (multiplier + 2 * k);
      one_by_one();  // likewise
    }
    return sum * multiplier;
  }

  /// What a record has to know of a row without a header, if its passive numbers are these, as a guess.
  Key bare_note(Word row, std::size_t count, Word numbers) const {
    return Key{repeated(&rows_[row], count)} << 32 | numbers;
  }
  /// Says that an irregular row was used, and what its record has to know: what is due is what came after one the last
  /// time.
  void pass(Key note) {
    if (due_ >> 32 == 0) due_ = Key{1} << 32 | (due_ + 1);
    asm("" : "+r"(note));  // is written as a whole, since it is read as a whole soon
    note_ = note;
  }

  void append(std::size_t words) {
    rows_.append(words);
    is_large_ = is_large_ || rows_.size() > little;
  }

  /// The offset of a variable that a statement reads several times, as far as that is seen quickly: where it does so
  /// twice in turn.
  static Word repeated(const Key* row, std::size_t count) {
    std::size_t k = 1;
    while (k < count && row[k] != row[k - 1]) ++k;
    return static_cast<Word>(row[k < count ? k : 0]);
  }

  Buffer<Key> rows_;
  Buffer<T> constants_;
  Key due_ = 0;  // where the follower that is due stands; above that, whether after an irregular row
  Word epoch_ = epoch;
  bool is_large_ = false;   // so that it is worth dropping something
  Key note_ = 0;            // for irregular rows
  Word vain_ = 0;           // how often rows have been looked for in vain since one was found
  Word enough_ = patience;  // of that to write bare rows; later as often as it may take until a pattern comes again
  Word spacing_ = 1;        // one in so many rows is a landmark
  Key slots_[2 << bits]{};

  /// A row of those among regular ones, by its hash, and how many records there were when it was read.
  struct Landmark {
    Word tag, records;
  };
  Landmark landmarks_[1 << bits]{};
  Word new_ = 0;     // how many such rows have been new in turn
  Word period_ = 0;  // after so many records a loop comes again
};

}  // namespace duet::tape
