// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/dependence.hpp>
#include <duet/tape/dynamic_tape.hpp>

/// What depends on what in a recording.
namespace duet::tape {

/// Collects the dependences of the variables of a tape; a variable is named once for each that is made of it.
class DagOfTape : public Dependences {
 public:
  /// Notes what variable `made` was made of. Those before it that nobody spoke of were made of nothing.
  void add(std::size_t made, std::span<const Word> of) override {
    fill_up_to(made);
    operands_.resize(0);
    for (Word variable : of) {
      if (variable != 0 && !(of.size() <= 32 && is_named(static_cast<int>(variable)))) {
        operands_.push_back(static_cast<int>(variable));
      }
    }
    dag_.add(operands_.data(), operands_.size());
  }
  void fill_up_to(std::size_t made) {
    while (static_cast<std::size_t>(dag_.size()) < made) dag_.add(nullptr, 0);
  }
  graph::Dag& dag() { return dag_; }

 private:
  bool is_named(int variable) const {
    for (int operand : operands_) {
      if (operand == variable) return true;
    }
    return false;
  }

  graph::Dag dag_;
  graph::List<int> operands_;
};

/// Of which variables each variable of a tape was made; variable 0 is nobody's.
///
/// Statements count as what they are written as: a side of `max` that was not chosen is part of it, but a side of
/// `where` is not, and neither is anything that a branch of the program has left out.
template <class T>
graph::Dag dependences(const DynamicTape<T>& tape) {
  DagOfTape result;
  const Sweeping<T> s{&tape, nullptr};
  std::vector<Word> inputs;
  for (const Record<T>& record : tape.records()) {
    const Kind<T>& kind = *record.kind;
    if (kind.dependences) {
      kind.dependences(record, s, result);
      continue;
    }
    inputs.clear();
    const int count = kind.inputs == Kind<T>::as_size ? static_cast<int>(record.size) : kind.inputs;
    for (int k = 0; k < count; ++k) {
      inputs.push_back(variable_at(record, s.rows()[record.row_at + static_cast<Word>(k)]));
    }
    for (int k = 0; k < kind.outputs; ++k) result.add(record.made + static_cast<std::size_t>(k), inputs);
  }
  result.fill_up_to(tape.count());
  return std::move(result.dag());
}

}  // namespace duet::tape
