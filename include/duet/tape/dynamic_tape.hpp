// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include <duet/tape/columns.hpp>
#include <duet/tape/era.hpp>
#include <duet/tape/input_rows.hpp>
#include <duet/tape/kind.hpp>
#include <duet/tape/runs.hpp>
#include <duet/tape/unset.hpp>
#include <duet/tape/var.hpp>

/// Reverse mode at run time.
namespace duet {

template <class T>
class Variables;

/// Records what is computed with `Var<T>` on this thread while it lives, and differentiates it in sweeps from the end
/// to the beginning. Tapes nest: a tape made while another one is active suspends it. A tape belongs to its thread.
///
/// Cost: a statement takes 24 bytes and its value; 8 bytes for each variable that it reads, unless a loop has read from
/// the same places before, seen from what it makes (input_rows.hpp); and the derivatives if they are stored
/// (record.hpp). Growing, clearing and rewinding take no time that depends on what is kept.
template <class T = double>
class DynamicTape {
 public:
  using scalar = T;
  static constexpr bool is_engine = true;  // the transforms' policy of this name

  [[gnu::noinline]] DynamicTape() : outer_(active_) {
    std::construct_at(columns_.room(0, 1), T(0));  // variable 0 collects the derivatives that nobody wants
    next_ = 1;
    clear();
    active_ = this;
  }
  DynamicTape(const DynamicTape&) = delete;
  DynamicTape& operator=(const DynamicTape&) = delete;
  [[gnu::noinline]] ~DynamicTape() {
    suspend();
    columns_.truncate(0, tape::index_of(next_));
  }

  /// Stops recording: the tape that was active before is active again. Sweeps work as before.
  void suspend() {
    DynamicTape** link = &active_;
    while (*link && *link != this) link = &(*link)->outer_;
    if (*link) *link = outer_;
  }
  /// Records again, on this thread, after `suspend`.
  void resume() {
    outer_ = active_;
    active_ = this;
  }

  /// The tape that records on this thread; null if there is none.
  [[gnu::always_inline]] static DynamicTape* active() { return active_; }

  /// A variable to differentiate with respect to.
  [[gnu::always_inline]] Var<T> variable(const T& value) {
    const tape::Key made = make(value);
    if (!runs_.goes_on_at(tape::index_of(made))) [[unlikely]]
      start_run(tape::index_of(made));
    runs_.reach(tape::index_of(next_));
    return Var<T>(value, made);
  }

  /// The same for many: `xs` as one row of variables.
  [[gnu::always_inline]] Variables<T> variables(std::span<const T> xs) {
    tape::Memory<T>::copy(xs.data(), xs.size(), room(xs.size()));
    return start_with(xs.size());
  }
  /// `count` variables of the same value.
  Variables<T> variables(std::size_t count, const T& value) {
    T* const to = room(count);
    tape::Memory<T>::fill(to, to + count, value);
    return start_with(count);
  }

  /// Adds the derivatives of `y` to the gradients of the variables; what depends on them holds the derivatives of this
  /// sweep alone. A `y` that depends on no variable adds nothing. Cost: one pass over the records.
  [[gnu::always_inline]] void backward(const Var<T>& y) { sweep_from(index_of(y)); }

  /// The same for the sum of `seeds[k] * y[k]`; no seeds stand for ones.
  void backward(std::span<const Var<T>> y, std::span<const T> seeds) {
    tape::check_seeds(seeds.size(), y.size());
    tape::Word lowest = tape::index_of(next_);
    for (const Var<T>& one : y) lowest = index_of(one) < lowest ? index_of(one) : lowest;
    const tape::Word set = prepare(lowest);
    for (std::size_t k = 0; k < y.size(); ++k) {
      T& adjoint = columns_.derivatives()[index_of(y[k])];
      adjoint = adjoint + (seeds.empty() ? T(1) : seeds[k]);
    }
    sweep(set);
  }

  /// The same for a row of variables.
  void backward(const Variables<T>& y, std::span<const T> seeds = {}) {
    tape::check_seeds(seeds.size(), y.size());
    const tape::Word set = prepare(y.lowest_on(*this));
    for (const auto& run : y.runs()) {
      T* const derivatives = columns_.derivatives() + tape::index_of(run.first);
      for (tape::Word k = 0; k < run.count; ++k) {
        derivatives[k] = derivatives[k] + (seeds.empty() ? T(1) : seeds[run.before + k]);
      }
    }
    sweep(set);
  }

  /// The accumulated derivative with respect to `x`, zero before the first sweep.
  [[gnu::always_inline]] T grad(const Var<T>& x) const {
    if (!x.is_recorded()) throw TapeError(unrecorded);
    const tape::Word index = index_of(x);
    return index < columns_.known() ? columns_.derivatives()[index] : T(0);
  }

  /// Sets all gradients to zero.
  void zero_grad() { columns_.forget(0); }

  /// A place in the tape.
  struct Position {
    tape::Key last;  // variable; which stays what it was until something before this place is dropped
    std::size_t records, numbers, closures;
    typename tape::InputRows<T>::Size input_rows;
  };
  Position position() const {
    return {era_.key_of(tape::index_of(next_) - 1), records_.size(), numbers_.size(), closures_.size(),
            input_rows_.size()};
  }

  /// Drops all that was recorded after `p`. Variables made before `p` stay valid, later ones become unusable.
  void rewind(const Position& p) {
    if (!era_.holds(p.last)) {
      throw TapeError("duet: this position lies in what the tape has dropped already");
    }
    const tape::Word index = tape::index_of(p.last) + 1;
    has_more_ = true;
    era_.rewind(index);
    drop(index, p.records, p.numbers, p.closures, p.input_rows);
    runs_.rewind(index);
  }

  /// Drops everything and keeps the memory for the next recording.
  [[gnu::always_inline]] void clear() {
    if (has_more_) [[unlikely]]
      clear_more();
    era_.renew();
    runs_.renew();
    records_.truncate(0);
    numbers_.truncate(0);
    input_rows_.forget();
    columns_.clear(tape::index_of(next_));
    next_ = tape::key(era_.now(), 1);
  }

  /// The bytes in use: records, what they hold, values and, once there has been a sweep, derivatives.
  std::size_t memory() const {
    std::size_t bytes =
        (count() + columns_.known()) * sizeof(T) + records_.bytes() + input_rows_.bytes() + numbers_.bytes();
    for (const auto& closure : closures_) bytes += closure->memory();
    return bytes;
  }

  /// Whether `x` is a variable of this tape as it is now.
  bool owns(const Var<T>& x) const { return era_.holds(x.key()); }

  /// The tape of this thread that a variable belongs to.
  [[gnu::always_inline]] static DynamicTape& tape_of(tape::Key key) {
    if (active_ && active_->era_.is_present(key)) [[likely]]
      return *active_;
    return find_tape(key);
  }

  // What follows is for those who write records.

  /// The number of `x` on this tape; 0 for a passive number.
  [[gnu::always_inline]] tape::Word index_of(const Var<T>& x) const {
    if (!era_.is_present(x.key()) && x.is_recorded()) [[unlikely]]
      check_kept(x.key());
    return tape::index_of(x.key());
  }

  /// What there is to sweep through, and the derivatives that the last sweep has left.
  std::span<const tape::Record<T>> records() const { return {records_.data(), records_.size()}; }
  /// The record so many before the next one; null if there is none.
  [[gnu::always_inline]] const tape::Record<T>* record_before(std::size_t count) const {
    return records_.holds(count) ? records_.end() - count : nullptr;
  }
  std::size_t count() const { return tape::index_of(next_); }
  const T* values() const { return columns_.values(); }
  const T* adjoints() const { return columns_.derivatives(); }

  [[gnu::always_inline]] const tape::Era& era() const { return era_; }
  /// The key of the variable that is made next.
  [[gnu::always_inline]] tape::Key next() const { return next_; }
  [[gnu::always_inline]] tape::InputRows<T>& input_rows() { return input_rows_; }
  [[gnu::always_inline]] const tape::InputRows<T>& input_rows() const { return input_rows_; }
  [[gnu::always_inline]] tape::Buffer<T>& numbers() { return numbers_; }
  [[gnu::always_inline]] const tape::Buffer<T>& numbers() const { return numbers_; }
  [[gnu::always_inline]] const tape::Closure<T>& closure(tape::Word number) const { return *closures_[number]; }

  /// Makes a variable without a record.
  [[gnu::always_inline]] tape::Key make(const T& value) {
    std::construct_at(room(1), value);
    return next_++;
  }

  /// Makes a variable by a record.
  [[gnu::always_inline]] Var<T> make(const T& value, const tape::Kind<T>& kind, tape::Word row_at, tape::Word numbers,
                                     tape::Word size = 0) {
    T* const v = room(1);
    records_.room(1);
    std::construct_at(v, value);
    return Var<T>(value, append(1, kind, row_at, numbers, size));
  }

  /// Where the values of the variables go that are made next, of which there are at most `count`.
  [[gnu::always_inline]] T* room(std::size_t count) { return columns_.room(tape::index_of(next_), count); }

  /// Makes several variables by one record and returns the key of the first.
  tape::Key make(std::span<const T> values, const tape::Kind<T>& kind, tape::Word row_at, tape::Word numbers,
                 tape::Word size = 0) {
    std::uninitialized_copy(values.begin(), values.end(), room(values.size()));
    return make_written(values.size(), kind, row_at, numbers, size);
  }

  /// The same for values that have been constructed at `room(count)` already.
  [[gnu::always_inline]] tape::Key make_written(std::size_t count, const tape::Kind<T>& kind, tape::Word row_at,
                                                tape::Word numbers, tape::Word size = 0) {
    records_.room(1);
    return append(count, kind, row_at, numbers, size);
  }

  /// Makes room for a record of `count` variables and for so many numbers, which are written right after. Returns
  /// where the variables' values go.
  [[gnu::always_inline]] T* reserve(std::size_t count, std::size_t numbers) {
    records_.room(1);
    if (numbers > 0) numbers_.room(numbers);
    return room(count);
  }
  /// `make_written` where there is room.
  [[gnu::always_inline]] tape::Key append(std::size_t count, const tape::Kind<T>& kind, tape::Word row_at,
                                          tape::Word numbers, tape::Word size = 0) {
    const tape::Key first = next_;
    records_.end()->write(kind, tape::index_of(first), row_at, numbers, size);
    records_.append(1);
    next_ = first + count;
    return first;
  }

  /// The value and the derivatives of variables that are known to be of this tape.
  const T& value(tape::Key key) const { return columns_.values()[tape::index_of(key)]; }
  void copy_gradients(tape::Key first, std::size_t count, T* to) const {
    const std::size_t from = tape::index_of(first);
    const T* const known = columns_.derivatives() + from;
    if (from + count <= columns_.known()) [[likely]]
      return tape::copy(known, count, to);
    for (std::size_t k = 0; k < count; ++k) to[k] = from + k < columns_.known() ? known[k] : T(0);
  }

  /// Where the plain numbers stand that the last record of this kind was made with, as a guess: they may be gone.
  tape::Word& numbers_of(const tape::Kind<T>& kind) {
    return last_numbers_[reinterpret_cast<std::uintptr_t>(&kind) / sizeof kind % std::size(last_numbers_)];
  }

  /// Memory for building a row.
  std::vector<tape::Key>& scratch() { return scratch_; }

  /// The variable that collects the derivatives that nobody wants.
  tape::Key sink() const { return tape::key(era_.now(), 0); }

  /// Keeps a function for a record that makes `outputs` variables, and returns its number.
  template <class Pull>
  tape::Word keep(Pull pull, std::size_t outputs) {
    struct Kept : tape::Closure<T> {
      Pull pull_;
      Kept(Pull&& pull, std::size_t outputs) : tape::Closure<T>(outputs), pull_(std::move(pull)) {}
      void pull(std::span<const T> w, std::span<T> x) const override { pull_(w, x); }
      std::size_t memory() const override {
        if constexpr (requires { pull_.memory(); }) return sizeof(Kept) + pull_.memory();
        return sizeof(Kept);
      }
    };
    has_more_ = true;
    closures_.push_back(tape::Owner<tape::Closure<T>>(new Kept(std::move(pull), outputs)));
    return static_cast<tape::Word>(closures_.size() - 1);
  }

 private:
  static constexpr const char* dropped =
      "duet: this variable belongs to another tape or thread, or to records that its tape has dropped";
  static constexpr const char* unrecorded = "duet: a number that was never recorded has no gradient";
  static constexpr const char* foreign =
      "duet: this variable belongs to a tape that is suspended while another one is active; pass it to the inner "
      "function as an argument, or record the inner derivative with Forward or StaticTape";

  /// Variables whose values have been constructed.
  [[gnu::always_inline]] Variables<T> start_with(std::size_t count) {
    const tape::Key first = next_;
    next_ = first + count;
    if (!runs_.goes_on_at(tape::index_of(first))) [[unlikely]]
      start_run(tape::index_of(first));
    runs_.reach(tape::index_of(next_));
    return Variables<T>(first, count);
  }

  [[gnu::noinline]] void start_run(tape::Word index) {
    has_more_ = true;
    runs_.begin_at(index);
  }

  [[gnu::noinline, gnu::pure]] static DynamicTape& find_tape(tape::Key key) {
    for (DynamicTape* tape = active_; tape; tape = tape->outer_) {
      if (tape->era_.holds(key)) return *tape;
    }
    throw TapeError(key != 0 ? dropped : unrecorded);
  }

  /// Throws unless it is a variable from before something was dropped.
  [[gnu::noinline]] void check_kept(tape::Key key) const {
    if (era_.holds(key)) return;
    for (const DynamicTape* tape = active_; tape; tape = tape->outer_) {
      if (tape->era_.holds(key)) throw TapeError(foreign);
    }
    throw TapeError(dropped);
  }

  [[gnu::noinline]] void keep_closures(std::size_t count) { closures_.resize(count); }

  [[gnu::noinline]] void clear_more() {
    era_.forget_old();
    runs_.forget_others();
    keep_closures(0);
    has_more_ = false;
  }

  [[gnu::noinline]] void sweep_from(tape::Word output) {
    const tape::Word set = prepare(output);
    T& derivative = columns_.derivatives()[output];
    derivative = derivative + T(1);
    sweep(set);
  }

  /// Sets the derivatives of everything but variables to zero, or where there are many, only those from the returned
  /// variable on, which is `lowest` at most.
  [[gnu::always_inline]] tape::Word prepare(tape::Word lowest) {
    const tape::Word count = tape::index_of(next_);
    if ((columns_.known() | count / 64) != 0) [[unlikely]]
      return prepare_more(lowest);
    columns_.make_few(count);
    return 0;
  }

  [[gnu::noinline]] tape::Word prepare_more(tape::Word lowest) {
    if (tape::Memory<T>::plain && columns_.known() == 0) {
      columns_.make(lowest, tape::index_of(next_));
      return lowest;
    }
    runs_.for_each_gap(columns_.known(), [at = columns_.derivatives()](tape::Word from, tape::Word to) {
      for (; from < to; ++from) at[from] = T(0);
    });
    columns_.extend(tape::index_of(next_));
    return 0;
  }

  [[gnu::always_inline]] void sweep(tape::Word set) {
    tape::sweep_back(records(), tape::Sweeping<T>{this, columns_.derivatives()}, set);
  }

  void drop(tape::Word index, std::size_t records, std::size_t numbers, std::size_t closures,
            const typename tape::InputRows<T>::Size& input_rows) {
    columns_.truncate(index, tape::index_of(next_));
    records_.truncate(records);
    numbers_.truncate(numbers);
    if (closures_.size() > closures) keep_closures(closures);
    input_rows_.forget(input_rows);
    next_ = tape::key(era_.now(), index);
  }

  static inline constinit thread_local DynamicTape* active_ = nullptr;

  tape::Key next_ = 0;  // of the variable that is made next
  tape::Columns<T> columns_;
  tape::Buffer<tape::Record<T>> records_;
  tape::InputRows<T> input_rows_;
  tape::Buffer<T> numbers_;
  std::vector<tape::Owner<tape::Closure<T>>> closures_;
  tape::Runs runs_;
  tape::Era era_;
  bool has_more_ = false;  // than a recording has at least: runs, closures or variables of older eras
  std::vector<tape::Key> scratch_;
  tape::Word last_numbers_[16]{};
  DynamicTape* outer_;
};

}  // namespace duet
