// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <span>
#include <utility>

#include <duet/tape/buffer.hpp>
#include <duet/tape/era.hpp>
#include <duet/tape/kind.hpp>
#include <duet/tape/var.hpp>

/// Reverse mode at run time.
namespace duet {

/// Records what is computed with `Var<T>` on this thread while it lives, and differentiates it in sweeps from the end to
/// the beginning. Tapes nest: a tape made while another one is active suspends it. A tape belongs to its thread.
///
/// Cost: a record takes 8 bytes per variable that it makes, 4 per variable that it reads, 12 more, and 8 per stored
/// partial derivative (statement.hpp). Growing, clearing and rewinding cost no time that depends on what is kept.
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
    const tape::Word index = next();
    values_.push(value);
    if (variables_.size() > 0 && variables_[variables_.size() - 1].end == index) {
      ++variables_[variables_.size() - 1].end;
    } else {
      variables_.push(Run{index, index + 1});
    }
    return Var<T>(value, index, era_.now());
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
    sweep(tape::Sweeping<T>{values_.data(), numbers_.data(), adjoints_.data()});
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
    tape::Word era, index;
    std::size_t words, numbers;
  };
  Position position() const { return {era_.now(), next(), words_.size(), numbers_.size()}; }

  /// Drops all that was recorded after `p`. Variables made before `p` stay valid, later ones become unusable.
  void rewind(const Position& p) {
    if (!era_.reaches(p.era, p.index)) throw TapeError("duet: this position lies in what the tape has dropped already");
    era_.rewind(p.index);
    values_.truncate(p.index);
    words_.truncate(p.words);
    numbers_.truncate(p.numbers);
    if (adjoints_.size() > p.index) adjoints_.truncate(p.index);
    while (variables_.size() > 0 && variables_[variables_.size() - 1].end > p.index) {
      Run& last = variables_[variables_.size() - 1];
      if (last.first < p.index) {
        last.end = p.index;
      } else {
        variables_.truncate(variables_.size() - 1);
      }
    }
  }

  /// Drops everything and keeps the memory for the next recording.
  void clear() {
    era_.restart();
    values_.truncate(0);
    words_.truncate(0);
    numbers_.truncate(0);
    adjoints_.truncate(0);
    variables_.truncate(0);
    values_.push(T(0));  // variable 0, which collects the derivatives that nobody wants
  }

  /// The bytes in use: records, values and, once there has been a sweep, derivatives.
  std::size_t memory() const {
    return values_.bytes() + words_.bytes() + numbers_.bytes() + adjoints_.bytes() + variables_.bytes();
  }

  /// Whether `x` is a variable of this tape as it is now.
  bool owns(const Var<T>& x) const { return era_.reaches(x.era(), x.index() + 1); }

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
    if (!x.is_recorded() || owns(x)) return x.index();
    for (DynamicTape* tape = active_; tape; tape = tape->outer_) {
      if (tape != this && tape->owns(x)) throw TapeError(foreign);
    }
    throw TapeError(dropped);
  }

  tape::Word era() const { return era_.now(); }
  tape::Word next() const { return static_cast<tape::Word>(values_.size()); }
  tape::Buffer<T>& values() { return values_; }
  tape::Buffer<T>& numbers() { return numbers_; }

  /// A word for whoever asks with the same key, until another key takes it: never to be trusted.
  tape::Word& hint(const void* key) { return hints_[(reinterpret_cast<std::uintptr_t>(key) >> 4) % hint_count]; }

  /// Appends a record of kind `kind` that makes `outputs` variables, the first of which is `first`; `write(p)` writes
  /// its own `count` words. The values of the variables must have been appended.
  [[gnu::always_inline]] void append(const tape::Kind<T>& kind, std::size_t count, tape::Word first, auto&& write) {
    tape::Word* const p = words_.room(count + tape::trailer);
    write(p);
    tape::finish(p + count, kind, first);
    words_.append(count + tape::trailer);
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

  void sweep(tape::Sweeping<T> s) const {
    const tape::Word* const begin = words_.data();
    for (const tape::Word* end = begin + words_.size(); end != begin;) end = tape::kind_of<T>(end).sweep(end, s);
  }

  static constexpr std::size_t hint_count = 64;

  static inline constinit thread_local DynamicTape* active_ = nullptr;

  tape::Era era_;
  tape::Buffer<T> values_;         // of all variables
  tape::Buffer<tape::Word> words_; // the records
  tape::Buffer<T> numbers_;        // partial derivatives and passive numbers that records refer to
  tape::Buffer<T> adjoints_;
  tape::Buffer<Run> variables_;    // where `variable` made them
  tape::Word hints_[hint_count]{};
  DynamicTape* outer_;
};

}  // namespace duet
