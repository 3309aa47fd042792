// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>

/// Records of computations that Duet does not see: a routine of another library, a solver, a recording of its own.
namespace duet::tape {

/// The record of some variables made of others in a way that only `pull` knows.
template <class T>
struct External {
  static void sweep(const Record<T>& r, Sweeping<T> s) {
    using op::is_zero;
    const Closure<T>& closure = s.tape->closure(r.numbers);
    std::vector<T> w(s.adjoints + r.made, s.adjoints + r.made + closure.outputs);
    bool nothing = true;
    for (const T& one : w) nothing = nothing && is_zero(one);
    if (nothing) return;
    std::vector<T> x(r.size, T(0));
    closure.pull(w, x);
    for (std::size_t k = 0; k < x.size(); ++k) {
      T& adjoint = (s.adjoints + r.made)[offset_of(s.rows()[r.row_at + k])];
      adjoint = adjoint + x[k];
    }
  }
  /// All inputs go into all outputs, as far as anybody knows.
  static void dependences(const Record<T>& r, Sweeping<T> s, Dependences& to) {
    std::vector<Word> inputs;
    for (std::size_t k = 0; k < r.size; ++k) inputs.push_back(variable_at(r, s.rows()[r.row_at + k]));
    for (std::size_t k = 0; k < s.tape->closure(r.numbers).outputs; ++k) to.add(r.made + k, inputs);
  }
  static constexpr Kind<T> kind{.name = "external", .sweep = &sweep_one<T, &sweep>, .dependences = &dependences};
};

/// Variables with these values, made of `inputs` by one record. In a sweep `pull(w, x)` is called with the derivatives
/// `w` with respect to the outputs and adds those with respect to the inputs to `x`; both are spans, `x` starts with
/// zeros. What `pull` holds lives as long as the record. Passive inputs get nothing; if all are, so are the outputs.
template <class T, class Pull>
std::vector<Var<T>> record_external(std::span<const Var<T>> inputs, std::span<const T> values, Pull pull) {
  std::vector<Var<T>> outputs(values.begin(), values.end());
  bool active = false;
  for (const Var<T>& x : inputs) active = active || x.is_recorded();
  if (!active || values.empty()) return outputs;
  DynamicTape<T>* const tape = DynamicTape<T>::active();
  if (!tape) throw TapeError(no_active_tape);
  std::vector<Key> leaves;
  for (const Var<T>& x : inputs) {
    tape->index_of(x);  // throws if it is not of the tape
    leaves.push_back(x.is_recorded() ? x.key() : tape->sink());
  }
  const Word closure = tape->keep(std::move(pull), values.size());
  const Word row_at = tape->input_rows().write(leaves.data(), leaves.size(), tape->next());
  const Key first = tape->make(values, External<T>::kind, row_at, closure, static_cast<Word>(inputs.size()));
  for (std::size_t k = 0; k < outputs.size(); ++k) outputs[k] = Var<T>(values[k], first + k);
  return outputs;
}

}  // namespace duet::tape
