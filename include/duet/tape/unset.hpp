// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/kind.hpp>

/// Derivatives that a sweep has not set to zero yet. Where there are many, to write zeros, and to read them again for
/// the first addition, takes as long as to copy them; so a record that adds to whole stretches sets them instead.
namespace duet::tape {

template <class T>
[[gnu::noinline]] void set_to_zero(T* from, T* end) {
  if (from == end) return;
  Memory<T>::fill(from, end - 1, T(0));  // which may write one more
  std::construct_at(end - 1, T(0));
}

/// A range of derivatives that nothing has been added to; they have no values yet. Whoever adds to them goes from the
/// lower ones to the higher ones, for the most part: what is left behind becomes zero.
template <class T>
class Unset {
 public:
  Unset() = default;
  Unset(T* from, T* end) : from_(from), end_(end) {}

  /// Says that `count` derivatives from `to` on are about to be added to. Returns how many of them have values, the
  /// first ones; the others have to be set.
  [[gnu::always_inline]] std::size_t reach(T* to, std::size_t count) {
    if (from_ == end_ || to + count <= from_) [[likely]]
      return count;
    return reach_further(to, count);
  }

  /// Sets what is left to zero.
  void finish() { fill_up_to(end_); }

 private:
  [[gnu::noinline]] std::size_t reach_further(T* to, std::size_t count) {
    T* const end = to + count;
    if (end > end_) {
      finish();
      return count;
    }
    if (to > from_) fill_up_to(to);
    const std::size_t known = static_cast<std::size_t>(from_ - to);
    from_ = end;
    return known;
  }
  void fill_up_to(T* end) {
    set_to_zero(from_, end);
    from_ = end;
  }

  T* from_ = nullptr;
  T* end_ = nullptr;
};

/// The lowest variable that a record reads; 0 if it doesn't say. Records that call functions of the user's don't, so
/// all has a value when one of these throws.
template <class T>
Word lowest_input(const Record<T>& record, const Key* rows) {
  if (record.kind->inputs == Kind<T>::unknown) return 0;
  Word lowest = record.made;
  for (Word k = inputs_of(record); k-- > 0;) {
    const Word input = variable_at(record, rows[record.row_at + k]);
    lowest = input < lowest ? input : lowest;
  }
  return lowest;
}

/// Begins a sweep for which only the derivatives from variable `set` on have been set: runs the records before `end`,
/// until one reads variables from far below that does not set them itself, and sets the rest to zero. Returns the end
/// of the records that are left.
template <class T>
[[gnu::noinline]] const Record<T>* sweep_unset(const Record<T>* first, const Record<T>* end, Sweeping<T> s, Word set) {
  static constexpr Word near = 64;
  const auto reach_down = [&](Word to) {
    if (to >= set) return;
    set_to_zero(s.adjoints + to, s.adjoints + set);
    set = to;
  };
  for (int few = 16; few > 0 && end != first; --few, --end) {
    const Record<T>& record = end[-1];
    reach_down(record.made);
    if (record.kind->sweep_unset) {
      set = record.kind->sweep_unset(record, s, set);
    } else {
      const Word lowest = lowest_input(record, s.rows());
      if (lowest + near < record.made) break;
      reach_down(lowest);
      record.kind->sweep(&record, &record, s);
    }
  }
  reach_down(0);
  return end;
}

/// Sweeps through all records, from derivatives that have been set from variable `set` on.
template <class T>
[[gnu::always_inline]] inline void sweep_back(std::span<const Record<T>> records, Sweeping<T> s, Word set) {
  const Record<T>* const first = records.data();
  const Record<T>* end = first + records.size();
  if (set > 0) [[unlikely]]
    end = sweep_unset(first, end, s, set);
  while (end != first) end = end[-1].kind->sweep(end - 1, first, s);
}

}  // namespace duet::tape
