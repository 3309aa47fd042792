// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include <duet/tape/dynamic_tape.hpp>
#include <duet/tree/structure.hpp>

/// Rows of variables that are not held one by one.
namespace duet {

/// Some variables of a tape, in order, as the runs of consecutive ones that they consist of: an array of `Var`s that
/// takes no memory per element. `DynamicTape::variables` and `map` make them; `part` and `join` take them apart and
/// together. Reading an element makes a `Var`; the cost is logarithmic in the number of runs.
template <class T>
class Variables {
 public:
  using value_type = Var<T>;

  /// Consecutive variables: the key of the first, how many, and how many come before them in the row.
  struct Run {
    tape::Key first;
    tape::Word count;
    std::size_t before;
  };

  Variables() = default;
  Variables(tape::Key first, std::size_t count) : first_{first, static_cast<tape::Word>(count), 0}, size_(count) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const Run> runs() const {
    return size_ == 0 ? std::span<const Run>() : more_.empty() ? std::span(&first_, 1) : std::span<const Run>(more_);
  }

  [[gnu::always_inline]] Var<T> operator[](std::size_t i) const {
    if (i >= size_) [[unlikely]]
      throw_no_element(i);
    const tape::Key key = more_.empty() ? first_.first + i : key_in(more_, i);
    return Var<T>(DynamicTape<T>::tape_of(key).value(key), key);
  }

  /// The `count` elements from `first` on.
  Variables part(std::size_t first, std::size_t count) const {
    if (first > size_ || count > size_ - first) throw Error("duet: part of Variables that goes beyond its end");
    Variables result;
    for (const Run& run : runs()) {
      const std::size_t begin = std::max(first, run.before), end = std::min(first + count, run.before + run.count);
      if (begin < end) result.append(run.first + (begin - run.before), end - begin);
    }
    return result;
  }

  void append(tape::Key first, std::size_t count) {
    if (count == 0) return;
    const Run run{first, static_cast<tape::Word>(count), size_};
    Run& last = more_.empty() ? first_ : more_.back();
    if (size_ == 0) {
      first_ = run;
    } else if (last.first + last.count == first) {
      last.count += run.count;
    } else {
      if (more_.empty()) more_.push_back(first_);
      more_.push_back(run);
    }
    size_ += count;
  }

  void append(const Variables& row) {
    for (const Run& run : row.runs()) append(run.first, run.count);
  }

  /// The lowest number that one of the variables has on `tape`; that of the next variable, if there are none. Throws if
  /// they are of another tape.
  tape::Word lowest_on(const DynamicTape<T>& tape) const {
    tape::Word lowest = tape::index_of(tape.next());
    for (const Run& run : runs()) {
      tape.index_of(Var<T>(T(0), run.first + (run.count - 1)));
      lowest = std::min(lowest, tape::index_of(run.first));
    }
    return lowest;
  }

  /// Writes the elements to `to`, which must be as long.
  void copy_to(std::span<Var<T>> to) const {
    check_length(to.size(), "duet: Variables are copied to a range of another length");
    for_each_run([next = to.data()](const auto& tape, const Run& run) mutable {
      const T* const values = &tape.value(run.first);
      for (tape::Word k = 0; k < run.count; ++k) *next++ = Var<T>(values[k], run.first + k);
    });
  }

  /// Writes the values to `to`, which must be as long.
  void copy_values_to(std::span<T> to) const {
    check_length(to.size(), "duet: Variables' values are copied to a range of another length");
    for_each_run([next = to.data()](const auto& tape, const Run& run) mutable {
      tape::copy(&tape.value(run.first), run.count, next);
      next += run.count;
    });
  }

  /// Writes the derivatives that the sweeps have accumulated to `to`, which must be as long.
  [[gnu::always_inline]] void copy_grad_to(std::span<T> to) const {
    check_length(to.size(), "duet: Variables' gradient is copied to a range of another length");
    for_each_run([next = to.data()](const auto& tape, const Run& run) mutable {
      tape.copy_gradients(run.first, run.count, next);
      next += run.count;
    });
  }
  std::vector<T> grad() const {
    std::vector<T> result(size_);
    copy_grad_to(result);
    return result;
  }

  class Iterator {
   public:
    using value_type = Var<T>;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const Variables& of, std::size_t at) : of_(&of), at_(at) {}
    Var<T> operator*() const { return (*of_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator old = *this;
      ++at_;
      return old;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const Variables* of_ = nullptr;
    std::size_t at_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size_}; }

 private:
  /// The key of element `i` of several runs.
  [[gnu::noinline]] static tape::Key key_in(std::span<const Run> runs, std::size_t i) {
    std::size_t low = 0, high = runs.size();
    while (high - low > 1) {
      const std::size_t middle = (low + high) / 2;
      (runs[middle].before <= i ? low : high) = middle;
    }
    return runs[low].first + (i - runs[low].before);
  }

  /// Calls f(tape, run) for each run.
  [[gnu::always_inline]] void for_each_run(auto f) const {
    if (size_ == 0) return;
    const DynamicTape<T>& tape = DynamicTape<T>::tape_of(first_.first);
    if (more_.empty()) [[likely]]
      return f(tape, first_);
    for (const Run& run : more_) f(tape, run);
  }

  [[noreturn, gnu::noinline]] static void throw_no_element(std::size_t i) {
    throw Error("duet: Variables have no element " + std::to_string(i));
  }
  void check_length(std::size_t count, const char* wrong) const {
    if (count != size_) throw Error(wrong);
  }

  Run first_{};
  std::vector<Run> more_;  // all of them, if there are several
  std::size_t size_ = 0;
};

/// Several rows, one after the other.
template <class T, class... Rest>
Variables<T> join(const Variables<T>& first, const Rest&... rest) {
  Variables<T> result = first;
  (result.append(rest), ...);
  return result;
}

}  // namespace duet

namespace duet::tree {

/// A row of variables is a sequence of them, and with other numbers in their places it is a vector.
template <class T>
struct Structure<Variables<T>> {
  static constexpr Kind kind = Kind::sequence;
  static constexpr bool static_graphs = false;
  using element = Var<T>;
  template <class S>
  using rebound = std::conditional_t<std::is_same_v<S, Var<T>>, Variables<T>, std::vector<S>>;

  /// Appends variables; a passive number becomes one.
  struct Appender {
    Variables<T>* to;

    Appender operator*() const { return *this; }
    Appender operator++(int) const { return *this; }
    void operator=(const Var<T>& x) const {
      DynamicTape<T>* const tape = DynamicTape<T>::active();
      if (!tape) throw TapeError(tape::no_active_tape);
      to->append(x.is_recorded() ? x.key() : tape->make(x.primal()), 1);
    }
  };

  static auto first(const Variables<T>& x) { return x.begin(); }
  static Appender start(Variables<T>& y, const auto&) { return {&y}; }
  static bool same_size(const auto& x, const auto& y) { return x.size() == y.size(); }
};

}  // namespace duet::tree
