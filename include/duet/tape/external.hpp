// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/stretch.hpp>
#include <duet/tape/variables.hpp>

/// Records of computations that Duet does not see: a routine of another library, a solver, a recording of its own.
namespace duet::tape {

/// The record of some variables made of others in a way that only `pull` knows. Its row is one of stretches.
template <class T>
struct External {
  static void sweep(const Record<T>& r, Sweeping<T> s) {
    using op::is_zero;
    const Closure<T>& closure = s.tape->closure(r.numbers);
    const std::span<const T> w(s.adjoints + r.made, closure.outputs);
    bool nothing = true;
    for (const T& one : w) nothing = nothing && is_zero(one);
    if (nothing) return;
    std::vector<T> x(r.size, T(0));
    closure.pull(w, x);
    const T* derivative = x.data();
    for_each_stretch(r, s, [&](Word first, Word count) {
      for (Word k = 0; k < count; ++k) s.adjoints[first + k] = s.adjoints[first + k] + *derivative++;
    });
  }
  /// All inputs go into all outputs, as far as anybody knows.
  static void dependences(const Record<T>& r, Sweeping<T> s, Dependences& to) {
    std::vector<Word> inputs;
    for_each_stretch(r, s, [&](Word first, Word count) {
      for (Word k = 0; k < count; ++k) inputs.push_back(first + k);
    });
    for (std::size_t k = 0; k < s.tape->closure(r.numbers).outputs; ++k) to.add(r.made + k, inputs);
  }
  static constexpr Kind<T> kind{.name = "external", .sweep = &sweep_one<T, &sweep>, .dependences = &dependences};

 private:
  static void for_each_stretch(const Record<T>& r, Sweeping<T> s, const auto& f) {
    const Key* row = s.rows() + r.row_at;
    for (Word left = r.size; left > 0;) {
      const Stretch stretch{*row++};
      f(variable_at(r, stretch.bits), stretch.count());
      left -= stretch.count();
    }
  }
};

/// Inputs of a record that are no single row. Passive ones count, without being variables.
template <class T>
struct Inputs {
  struct Run {
    Key first;  ///< 0 for a passive number
    std::size_t count;
  };

  void append(Key first, std::size_t count) {
    size_ += count;
    if (first != 0 && !runs_.empty() && runs_.back().first + runs_.back().count == first) {
      runs_.back().count += count;
    } else if (count > 0) {
      runs_.push_back({first, count});
    }
  }
  void append(const Var<T>& x) { append(x.key(), 1); }
  void append(const Variables<T>& row) {
    for (const auto& run : row.runs()) append(run.first, run.count);
  }

  std::size_t size() const { return size_; }
  std::span<const Run> runs() const { return runs_; }
  bool are_passive() const {
    return std::all_of(runs_.begin(), runs_.end(), [](const Run& run) { return run.first == 0; });
  }

 private:
  std::vector<Run> runs_;
  std::size_t size_ = 0;
};

/// Variables with these values, made of `inputs` by one record, and the key of the first one; 0, and no record, if all
/// inputs are passive. In a sweep `pull(w, x)` is called with the derivatives `w` with respect to the outputs and adds
/// those with respect to the inputs to `x`; both are spans, `x` starts with zeros. What `pull` holds lives as long as
/// the record.
template <class T, class Pull>
Key record_external(const Inputs<T>& inputs, std::span<const T> values, Pull pull) {
  if (inputs.are_passive() || values.empty()) return 0;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  if (!tape) throw TapeError(no_active_tape);
  const Key made = tape->next();
  std::vector<Key> row;
  for (const auto& [first, count] : inputs.runs()) {
    tape->index_of(Var<T>(T(0), first == 0 ? 0 : first + (count - 1)));  // throws if it is not of the tape
    row.push_back(Stretch::of((first == 0 ? tape->sink() : first) - made, static_cast<Word>(count)).bits);
  }
  const Word closure = tape->keep(std::move(pull), values.size());
  const Word row_at = tape->input_rows().write(row);
  return tape->make(values, External<T>::kind, row_at, closure, static_cast<Word>(inputs.size()));
}

/// The same for single variables.
template <class T, class Pull>
std::vector<Var<T>> record_external(std::span<const Var<T>> inputs, std::span<const T> values, Pull pull) {
  Inputs<T> row;
  for (const Var<T>& x : inputs) row.append(x);
  const Key first = record_external(row, values, std::move(pull));
  std::vector<Var<T>> outputs(values.begin(), values.end());
  for (std::size_t k = 0; first != 0 && k < outputs.size(); ++k) outputs[k] = Var<T>(values[k], first + k);
  return outputs;
}

}  // namespace duet::tape
