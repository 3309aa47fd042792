// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <duet/tape/buffer.hpp>
#include <duet/tape/owner.hpp>
#include <duet/tape/var.hpp>

/// What the records of a tape are made of.
namespace duet::tape {

template <class T>
struct Kind;

/// One step of a recording. All records have the same size, what is particular to a step lies elsewhere: the variables
/// that it read in a row of `InputRows`, partial derivatives and passive numbers among the tape's numbers.
template <class T>
struct Record {
  const Kind<T>* kind;
  Word made;     ///< the first variable that it made
  Word row_at;   ///< where the row of the variables that it read stands
  Word numbers;  ///< where its numbers stand
  Word size;     ///< a count, or what else the kind needs

  [[gnu::always_inline]] void write(const Kind<T>& kind_, Word made_, Word row_at_, Word numbers_, Word size_) {
    kind = &kind_;
    made = made_;
    numbers = numbers_;
    one_by_one();
    row_at = row_at_;
    size = size_;
  }
};

/// The variable that lies `offset` from the one that a record made.
template <class T>
Word variable_at(const Record<T>& record, Key offset) {
  return static_cast<Word>(static_cast<std::ptrdiff_t>(record.made) + offset_of(offset));
}

/// What a record holds that is more than numbers: a function from the derivatives with respect to its outputs to those
/// with respect to its inputs.
template <class T>
struct Closure {
  std::size_t outputs;

  explicit Closure(std::size_t outputs_) : outputs(outputs_) {}
  virtual ~Closure() = default;
  virtual void pull(std::span<const T> w, std::span<T> x) const = 0;
  /// The bytes that it takes.
  virtual std::size_t memory() const = 0;
};

/// What a sweep works on.
template <class T>
struct Sweeping {
  const DynamicTape<T>* tape;
  T* adjoints;  ///< the derivatives with respect to all variables

  const T* values() const { return tape->values(); }                     ///< of all variables
  const Key* rows() const { return tape->input_rows().rows(); }          ///< those that records refer to
  const T* constants() const { return tape->input_rows().constants(); }  ///< passive numbers of statements
  const T* numbers() const { return tape->numbers().data(); }            ///< partial derivatives and the like
};

/// Throws unless there is a seed for each output, or none.
inline void check_seeds(std::size_t seeds, std::size_t outputs) {
  if (seeds == 0 || seeds == outputs) return;
  throw TapeError("duet: backward needs one seed per output, got " + std::to_string(seeds) + " for " +
                  std::to_string(outputs));
}

/// Is told which variables were made of which (dependence.hpp).
struct Dependences {
  virtual void add(std::size_t made, std::span<const Word> of) = 0;

 protected:
  ~Dependences() = default;
};

/// A kind of record.
template <class T>
struct Kind {
  const char* name;

  /// Runs `last` backwards: from the derivatives with respect to its outputs it adds to those of its inputs. It may do
  /// the same for the records before it that are of this kind, but none before `first`, which is worth it where short
  /// records come in great numbers; and returns the one that it ended with.
  const Record<T>* (*sweep)(const Record<T>* last, const Record<T>* first, Sweeping<T> s);

  /// How many variables its row in `InputRows` names, if these are all that it reads: with that and `outputs`, several
  /// derivatives can be swept at once (vector_sweep.hpp). A tape with a record that doesn't say takes one sweep for
  /// each.
  int inputs = unknown;
  /// How many variables it makes, one after the other.
  int outputs = 1;

  static constexpr int unknown = -1, as_size = -2;  ///< `as_size`: as many as the record's `size`

  /// Tells `to` of which variables a record made each of its own, in order. Kinds with `inputs` leave it out if all of
  /// these go into each of the `outputs`.
  void (*dependences)(const Record<T>& record, Sweeping<T> s, Dependences& to) = nullptr;

  /// Runs a record when the derivatives of the variables before number `set`, which is none of those that it made, have
  /// not been set (unset.hpp). Returns before which ones they still haven't. Kinds that read few variables leave it
  /// out.
  Word (*sweep_unset)(const Record<T>& record, Sweeping<T> s, Word set) = nullptr;
};

/// How many variables a record reads, of a kind that says so.
template <class T>
Word inputs_of(const Record<T>& record) {
  const int inputs = record.kind->inputs;
  return inputs == Kind<T>::as_size ? record.size : static_cast<Word>(inputs);
}

/// Fetches records that a sweep comes to soon: processors foresee less well what is read backwards.
template <class T>
[[gnu::always_inline]] inline void fetch_before(const Record<T>* r) {
  // there may be none, which does no harm
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(r) - 128 * sizeof *r));
}

/// A `Kind::sweep` that runs one record.
template <class T, void (*One)(const Record<T>&, Sweeping<T>)>
const Record<T>* sweep_one(const Record<T>* last, const Record<T>*, Sweeping<T> s) {
  One(*last, s);
  return last;
}

}  // namespace duet::tape
