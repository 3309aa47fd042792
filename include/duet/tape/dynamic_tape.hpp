// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <span>
#include <utility>

#include <duet/tape/buffer.hpp>
#include <duet/tape/era.hpp>
#include <duet/tape/frames.hpp>
#include <duet/tape/kind.hpp>
#include <duet/tape/var.hpp>

/// Reverse mode at run time.
namespace duet {

/// Records what is computed with `Var<T>` on this thread while it lives, and differentiates it in sweeps from the end to
/// the beginning. Tapes nest: a tape made while another one is active suspends it. A tape belongs to its thread.
///
/// Cost: a statement takes 24 bytes and its value; 8 bytes for each variable that it reads unless, as in loops over
/// regular data, it reads them from where the statement before did; and the derivatives if they are stored (record.hpp).
/// Growing, clearing and rewinding take no time that depends on what is kept.
template <class T = double>
class DynamicTape {
 public:
  using scalar = T;

  DynamicTape() : outer_(active_) {
    clear();
    active_ = this;
  }
  DynamicTape(const DynamicTape&) = delete;
  DynamicTape& operator=(const DynamicTape&) = delete;
  ~DynamicTape() {
    DynamicTape** link = &active_;
    while (*link && *link != this) link = &(*link)->outer_;
    if (*link) *link = outer_;
  }

  /// The tape that records on this thread; null if there is none.
  static DynamicTape* active() { return active_; }

  /// A variable to differentiate with respect to.
  Var<T> variable(const T& value) {
    const tape::Key made = make(value);
    const tape::Word index = tape::index_of(made);
    if (variables_.size() > 0 && variables_[variables_.size() - 1].end == index) {
      ++variables_[variables_.size() - 1].end;
    } else {
      variables_.push(Run{index, index + 1});
    }
    return Var<T>(value, made);
  }

  /// Adds the derivatives of `y` to the gradients of the variables; what depends on them holds the derivatives of this
  /// sweep alone. A `y` that depends on no variable adds nothing. Cost: one pass over the records.
  void backward(const Var<T>& y) { backward(std::span(&y, 1), std::span<const T>()); }

  /// The same for the sum of `seeds[k] * y[k]`; no seeds stand for ones.
  void backward(std::span<const Var<T>> y, std::span<const T> seeds) {
    if (!seeds.empty() && seeds.size() != y.size()) {
      throw TapeError("duet: backward needs one seed per output, got " + std::to_string(seeds.size()) + " for " +
                      std::to_string(y.size()));
    }
    for (const Var<T>& one : y) index_of(one);
    prepare();
    for (std::size_t k = 0; k < y.size(); ++k) {
      T& adjoint = adjoints_[index_of(y[k])];
      adjoint = adjoint + (seeds.empty() ? T(1) : seeds[k]);
    }
    sweep({values_.data(), frames_.rows(), frames_.constants(), numbers_.data(), adjoints_.data()});
  }

  /// The accumulated derivative with respect to `x`, zero before the first sweep.
  T grad(const Var<T>& x) const {
    if (!x.is_recorded()) throw TapeError("duet: a number that was never recorded has no gradient");
    const tape::Word index = index_of(x);
    return index < adjoints_.size() ? adjoints_[index] : T(0);
  }

  /// Sets all gradients to zero.
  void zero_grad() { adjoints_.truncate(0); }

  /// A place in the tape.
  struct Position {
    tape::Key last;  // variable; which stays what it was until something before this place is dropped
    std::size_t records, numbers;
    typename tape::Frames<T>::Size frames;
  };
  Position position() const {
    return {era_.key_of(tape::index_of(next_) - 1), records_.size(), numbers_.size(), frames_.size()};
  }

  /// Drops all that was recorded after `p`. Variables made before `p` stay valid, later ones become unusable.
  void rewind(const Position& p) {
    if (!era_.holds(p.last)) {
      throw TapeError("duet: this position lies in what the tape has dropped already");
    }
    const tape::Word index = tape::index_of(p.last) + 1;
    era_.rewind(index);
    drop(index, p.records, p.numbers, p.frames);
    while (variables_.size() > 0 && variables_[variables_.size() - 1].end > index) {
      Run& last = variables_[variables_.size() - 1];
      if (last.first < index) {
        last.end = index;
      } else {
        variables_.truncate(variables_.size() - 1);
      }
    }
  }

  /// Drops everything and keeps the memory for the next recording.
  void clear() {
    era_.restart();
    variables_.truncate(0);
    drop(0, 0, 0, nothing_);
    make(T(0));  // variable 0, which collects the derivatives that nobody wants
  }

  /// The bytes in use: records, values and, once there has been a sweep, derivatives.
  std::size_t memory() const {
    return values_.bytes() + records_.bytes() + frames_.bytes() + numbers_.bytes() + adjoints_.bytes() +
           variables_.bytes();
  }

  /// Whether `x` is a variable of this tape as it is now.
  bool owns(const Var<T>& x) const { return era_.holds(x.key()); }

  /// The tape of this thread that `x` belongs to.
  static DynamicTape& tape_of(const Var<T>& x) {
    for (DynamicTape* tape = active_; tape; tape = tape->outer_) {
      if (tape->owns(x)) return *tape;
    }
    throw TapeError(x.is_recorded() ? dropped : "duet: a number that was never recorded has no gradient");
  }

  // What follows is for those who write records.

  /// The number of `x` on this tape; 0 for a passive number.
  tape::Word index_of(const Var<T>& x) const {
    if (!x.is_recorded() || owns(x)) return tape::index_of(x.key());
    for (DynamicTape* tape = active_; tape; tape = tape->outer_) {
      if (tape != this && tape->owns(x)) throw TapeError(foreign);
    }
    throw TapeError(dropped);
  }

  const tape::Era& era() const { return era_; }
  /// The key of the variable that is made next.
  tape::Key next() const { return next_; }
  tape::Frames<T>& frames() { return frames_; }
  tape::Buffer<T>& numbers() { return numbers_; }

  /// Makes a variable without a record.
  [[gnu::always_inline]] tape::Key make(const T& value) {
    values_.push(value);
    return next_++;
  }

  /// Makes a variable by a record.
  [[gnu::always_inline]] Var<T> make(const T& value, const tape::Kind<T>& kind, tape::Word frame, tape::Word numbers,
                                     tape::Word size = 0) {
    T* const v = values_.room(1);
    tape::Record<T>* const r = records_.room(1);
    std::construct_at(v, value);
    *r = tape::Record<T>{&kind, tape::index_of(next_), frame, numbers, size};
    values_.append(1);
    records_.append(1);
    return Var<T>(value, next_++);
  }

 private:
  struct Run {
    tape::Word first, end;
  };

  static constexpr const char* dropped =
      "duet: this variable belongs to another tape or thread, or to records that its tape has dropped";
  static constexpr const char* foreign =
      "duet: this variable belongs to a tape that is suspended while another one is active; pass it to the inner "
      "function as an argument, or record the inner derivative with Forward or StaticTape";

  /// Makes room for the derivatives and sets those of everything but variables to zero.
  void prepare() {
    std::size_t from = 0;
    for (std::size_t k = 0; k <= variables_.size(); ++k) {
      const bool last = k == variables_.size();
      const std::size_t to = last ? adjoints_.size() : variables_[k].first;
      for (std::size_t i = from; i < to && i < adjoints_.size(); ++i) adjoints_[i] = T(0);
      if (!last) from = variables_[k].end;
    }
    adjoints_.resize(values_.size(), T(0));
  }

  void sweep(const tape::Sweeping<T>& s) const {
    const tape::Record<T>* const begin = records_.data();
    for (const tape::Record<T>* record = begin + records_.size(); record != begin;) {
      --record;
      record->kind->sweep(*record, s);
    }
  }

  void drop(tape::Word index, std::size_t records, std::size_t numbers, const typename tape::Frames<T>::Size& frames) {
    values_.truncate(index);
    records_.truncate(records);
    numbers_.truncate(numbers);
    frames_.forget(frames);
    if (adjoints_.size() > index) adjoints_.truncate(index);
    next_ = tape::key(era_.now(), index);
  }

  static inline constinit thread_local DynamicTape* active_ = nullptr;

  tape::Key next_ = 0;  // of the variable that is made next
  tape::Buffer<T> values_;
  tape::Buffer<tape::Record<T>> records_;
  tape::Frames<T> frames_;
  tape::Buffer<T> numbers_;
  tape::Buffer<T> adjoints_;
  tape::Buffer<Run> variables_;  // those that `variable` made
  tape::Era era_;
  const typename tape::Frames<T>::Size nothing_ = frames_.size();
  DynamicTape* outer_;
};

}  // namespace duet
