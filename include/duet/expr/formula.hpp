// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>

#include <duet/graph/execute.hpp>

/// Formulas: the graphs of expressions while these are put together, as part of their types.
namespace duet::expr {

constexpr int largest(std::initializer_list<int> numbers) {
  int result = 0;
  for (int n : numbers) result = n > result ? n : result;
  return result;
}

/// The rules that are left out while a formula is put together: all.
inline constexpr graph::RuleSet as_written = ~graph::RuleSet{0};

/// A row of the op table and up to three operands, 16 bits each. Formulas are made anew with every operation, so they
/// consist of what compilers copy, compare and name fastest.
using Step = std::uint64_t;

constexpr Step step(op::Code op, const int* operands) {
  Step s = static_cast<Step>(op);
  for (int k = 0; k < op::info(op).arity; ++k) s |= static_cast<Step>(operands[k]) << (16 * (k + 1));
  return s;
}
constexpr op::Code row_of(Step s) { return static_cast<op::Code>(s & 0xFFFF); }
constexpr int operand_of(Step s, int k) { return static_cast<int>(s >> (16 * (k + 1)) & 0xFFFF); }

/// A computation: each operation once, operands before their users, the result last. Operands are numbered from the
/// inputs on. It is as it was written; what it is used in will be simplified as a whole.
template <int Steps>
struct Formula {
  static constexpr int size = Steps;
  int inputs = 1;
  Step steps[Steps > 0 ? Steps : 1]{};

  /// Whether it gives a truth value.
  constexpr bool is_condition() const {
    return Steps > 0 && op::info(row_of(steps[Steps > 0 ? Steps - 1 : 0])).kind == op::Kind::predicate;
  }

  /// Records the formula on the nodes of its inputs.
  constexpr int record(graph::Recorder& r, graph::List<int> nodes) const {
    for (int i = 0; i < Steps; ++i) {
      const int arity = op::info(row_of(steps[i])).arity;
      const auto node = [&](int k) { return k < arity ? nodes[operand_of(steps[i], k)] : graph::none; };
      nodes.push_back(r.emit(row_of(steps[i]), node(0), node(1), node(2)));
    }
    return nodes[nodes.size() - 1];
  }
};

/// Formulas put together in one list of at most `Capacity` steps.
template <int Capacity>
struct Assembly {
  int inputs;
  Step steps[Capacity]{};
  int count = 0;

  /// Adds the steps that are not there yet of a formula whose inputs are at `place`, and returns where its result is.
  template <int Steps>
  constexpr int add(const Formula<Steps>& f, const int* place) {
    int at[Steps + 1]{};
    int next = 0;
    for (int i = 0; i < Steps; ++i) {
      const Step s = f.steps[i];
      int operands[3]{};
      for (int k = 0; k < op::info(row_of(s)).arity; ++k) {
        const int o = operand_of(s, k);
        operands[k] = o < f.inputs ? place[o] : at[o - f.inputs];
      }
      next = find_or_add(step(row_of(s), operands), next);
      at[i] = inputs + next++;
    }
    return Steps > 0 ? at[Steps > 0 ? Steps - 1 : 0] : place[0];
  }

  /// Where a step is. Formulas that share a part have its steps in the same order, so the place after the last one that
  /// was found is a good guess.
  constexpr int find_or_add(Step s, int guess) {
    if (guess < count && steps[guess] == s) return guess;
    for (int i = 0; i < count; ++i) {
      if (steps[i] == s) return i;
    }
    steps[count] = s;
    return count++;
  }

  template <int Steps>
  constexpr Formula<Steps> formula() const {
    Formula<Steps> f{inputs};
    for (int i = 0; i < Steps; ++i) f.steps[i] = steps[i];
    return f;
  }
};

}  // namespace duet::expr
