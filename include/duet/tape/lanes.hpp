// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>

/// Several derivatives in one sweep through a tape, backwards or forwards.
namespace duet::tape {

/// `N` derivatives of every variable of a tape.
///
/// The records know only how to take one derivative backwards. That is enough: with a derivative of 1 it leaves a
/// record's partial derivatives, which are then multiplied by all lanes, in either direction. So a statement needs no
/// second instantiation for every number of lanes and every direction.
///
/// Cost of a sweep: for each record a sweep for one derivative and, for each variable it reads, N multiply-adds.
template <class T, int N>
class Lanes {
 public:
  struct Row {
    T lane[N]{};
  };

  /// Whether all records of the tape tell what they read.
  static bool can_sweep(const DynamicTape<T>& tape) {
    for (const Record<T>& record : tape.records()) {
      if (record.kind->inputs == Kind<T>::unknown) return false;
    }
    return true;
  }

  explicit Lanes(const DynamicTape<T>& tape) : tape_(tape) {
    partials_.resize(tape.variables(), T(0));
    rows_.resize(tape.variables(), Row{});
    sweeping_ = tape.sweeping(partials_.data());
  }

  void clear() {
    rows_.truncate(0);
    rows_.resize(tape_.variables(), Row{});
  }
  Row& operator[](Word variable) { return rows_[variable]; }

  /// From the derivatives with respect to results to those with respect to what they were made of.
  void backward() {
    const std::span<const Record<T>> records = tape_.records();
    for (std::size_t k = records.size(); k-- > 0;) {
      const Record<T>& record = records[k];
      for (int made = 0; made < record.kind->outputs; ++made) {
        const Row from = rows_[record.made + static_cast<Word>(made)];
        if (is_nothing(from)) continue;
        for_each_partial(record, made, [&](Row& to, const T& partial) { add(to, partial, from); });
      }
    }
  }

  /// From the derivatives of variables to those of all that was made of them.
  void forward() {
    for (const Record<T>& record : tape_.records()) {
      for (int made = 0; made < record.kind->outputs; ++made) {
        Row sum{};
        for_each_partial(record, made, [&](const Row& from, const T& partial) { add(sum, partial, from); });
        rows_[record.made + static_cast<Word>(made)] = sum;
      }
    }
  }

 private:
  static bool is_nothing(const Row& row) {
    using op::is_zero;
    for (const T& x : row.lane) {
      if (!is_zero(x)) return false;
    }
    return true;
  }

  /// A derivative that is zero stays zero even if the partial derivative is infinite.
  [[gnu::always_inline]] static void add(Row& to, const T& partial, const Row& from) {
    using math::isfinite, op::is_zero;
    if (isfinite(partial)) [[likely]] {
      for (int l = 0; l < N; ++l) to.lane[l] = to.lane[l] + partial * from.lane[l];
    } else {
      for (int l = 0; l < N; ++l) {
        if (!is_zero(from.lane[l])) to.lane[l] = to.lane[l] + partial * from.lane[l];
      }
    }
  }

  /// Calls `f(row, partial)` for the variables that the record read, with the derivative of output number `made`.
  template <class F>
  [[gnu::always_inline]] void for_each_partial(const Record<T>& record, int made, const F& f) {
    using op::is_zero;
    T* const output = partials_.data() + record.made + made;
    *output = T(1);
    record.kind->sweep(record, sweeping_);
    *output = T(0);
    const Word inputs = record.kind->inputs == Kind<T>::as_size ? record.size : static_cast<Word>(record.kind->inputs);
    const Key* const offset = sweeping_.rows + record.frame;
    for (Word k = 0; k < inputs; ++k) {
      const std::size_t input = static_cast<std::size_t>(record.made + offset_of(offset[k]));
      const T partial = partials_[input];
      if (is_zero(partial)) continue;
      partials_[input] = T(0);  // which may be named again
      f(rows_[input], partial);
    }
  }

  const DynamicTape<T>& tape_;
  Buffer<T> partials_;  // zeros, but for the record that is looked at
  Buffer<Row> rows_;
  Sweeping<T> sweeping_{};
};

}  // namespace duet::tape
