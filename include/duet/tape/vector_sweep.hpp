// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/chunk.hpp>
#include <duet/tape/dynamic_tape.hpp>

/// Several derivatives in one sweep through a tape, backwards or forwards.
namespace duet::tape {

/// `N` derivatives of every variable of a tape, which must not change meanwhile.
///
/// The records know only how to take one derivative backwards. That is enough: with a derivative of 1 a record leaves
/// its partial derivatives. They are collected once and multiplied by all lanes in each sweep, in either direction. So
/// a statement needs no second instantiation for every number of lanes and every direction.
///
/// Cost: one sweep for one derivative and 8 bytes for each variable that a record reads; then, in each sweep, N
/// multiply-adds for each of these.
template <class T, int N>
class VectorSweep {
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

  explicit VectorSweep(const DynamicTape<T>& tape) : tape_(tape), rows_of_inputs_(tape.input_rows().rows()) {
    collect_partials();
    rows_.extend(tape.count(), Row{});
  }

  /// Sets all derivatives to zero.
  void clear() {
    rows_.truncate(0);
    rows_.extend(tape_.count(), Row{});
  }
  Row& operator[](Word variable) { return rows_[variable]; }

  /// From the derivatives with respect to results to those with respect to what they were made of.
  void backward() { finite_ ? backward<true>() : backward<false>(); }

  /// From the derivatives of variables to those of all that was made of them.
  void forward() { finite_ ? forward<true>() : forward<false>(); }

 private:
  template <bool Finite>
  void backward() {
    const std::span<const Record<T>> records = tape_.records();
    const T* partial = partials_.data() + partials_.size();
    for (std::size_t k = records.size(); k-- > 0;) {
      const Record<T>& record = records[k];
      const Word inputs = inputs_of(record);
      const Key* const offsets = rows_of_inputs_ + record.row_at;
      for (int output = record.kind->outputs; output-- > 0;) {
        partial -= inputs;
        const Row& from = rows_[made(record, output)];
        if (is_nothing(from)) continue;
        for (Word i = 0; i < inputs; ++i) add<Finite>(rows_[variable_at(record, offsets[i])], partial[i], from);
      }
    }
  }

  template <bool Finite>
  void forward() {
    const T* partial = partials_.data();
    for (const Record<T>& record : tape_.records()) {
      const Word inputs = inputs_of(record);
      const Key* const offsets = rows_of_inputs_ + record.row_at;
      for (int output = 0; output < record.kind->outputs; ++output) {
        const auto from = [&](Word i) -> const Row& { return rows_[variable_at(record, offsets[i])]; };
        set_to_sum<Finite>(rows_[made(record, output)], inputs, partial, from);
        partial += inputs;
      }
    }
  }

  static std::size_t made(const Record<T>& record, int output) {
    return record.made + static_cast<std::size_t>(output);
  }

  void collect_partials() {
    using math::isfinite;
    Buffer<T> adjoints;
    adjoints.extend(tape_.count(), T(0));
    const Sweeping<T> sweeping{&tape_, adjoints.data()};
    for (const Record<T>& record : tape_.records()) {
      const Word inputs = inputs_of(record);
      const Key* const offsets = rows_of_inputs_ + record.row_at;
      for (int output = 0; output < record.kind->outputs; ++output) {
        adjoints[made(record, output)] = T(1);
        record.kind->sweep(&record, &record, sweeping);
        adjoints[made(record, output)] = T(0);
        T* const partial = partials_.room(inputs);
        for (Word i = 0; i < inputs; ++i) {
          T& adjoint = adjoints[variable_at(record, offsets[i])];
          std::construct_at(partial + i, adjoint);
          finite_ = finite_ && isfinite(adjoint);
          adjoint = T(0);  // it may be named again
        }
        partials_.append(inputs);
      }
    }
  }

  static bool is_nothing(const Row& row) {
    using op::is_zero;
    bool nothing = true;
    for (const T& x : row.lane) nothing = nothing & is_zero(x);
    return nothing;
  }

  /// Adds `partial` times `from`. A derivative that is zero stays zero even if the partial derivative is infinite;
  /// `Finite` says that it isn't.
  template <bool Finite>
  [[gnu::always_inline]] static void add(Row& to, const T& partial, const Row& from) {
    using op::is_zero;
    if constexpr (Finite && chunks::number<T>) {
      chunks::for_each<T, N>([&](auto c) __attribute__((always_inline)) {
        c.store(to.lane, c.load(to.lane) + partial * c.load(from.lane));
      });
    } else {
      for (int l = 0; l < N; ++l) {
        if (Finite || !is_zero(from.lane[l])) to.lane[l] = to.lane[l] + partial * from.lane[l];
      }
    }
  }

  /// Sets a row to the sum of `count` rows from(i), multiplied by the partial derivatives.
  template <bool Finite, class From>
  [[gnu::always_inline]] static void set_to_sum(Row& to, Word count, const T* partials, const From& from) {
    if constexpr (Finite && chunks::number<T>) {
      chunks::for_each<T, N>([&](auto c) __attribute__((always_inline)) {
        auto sum = decltype(c.load(to.lane)){};  // in a register
        for (Word i = 0; i < count; ++i) sum += partials[i] * c.load(from(i).lane);
        c.store(to.lane, sum);
      });
    } else {
      to = Row{};
      for (Word i = 0; i < count; ++i) add<Finite>(to, partials[i], from(i));
    }
  }

  const DynamicTape<T>& tape_;
  const Key* rows_of_inputs_;
  Buffer<T> partials_;  // of each output of each record, with respect to each input
  bool finite_ = true;  // all of them
  Buffer<Row> rows_;    // of each variable
};

}  // namespace duet::tape
