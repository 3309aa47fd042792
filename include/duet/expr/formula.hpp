// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>

#include <duet/graph/execute.hpp>

/// Formulas: the graphs of expressions while these are put together, as part of their types.
namespace duet::expr {

/// An operand: a step, a leaf, a value known at run time, or none.
using Operand = int;
inline constexpr Operand no_operand = 0, first_step = 1, first_leaf = 0x8000, first_value = 0xC000;

/// A row of the op table and up to three operands, 16 bits each. Formulas are made anew with every operation, so they
/// consist of what compilers copy, compare and name fastest.
using Step = std::uint64_t;

constexpr Step step(op::Code op, Operand a, Operand b, Operand c) {
  return static_cast<Step>(op) | static_cast<Step>(a) << 16 | static_cast<Step>(b) << 32 | static_cast<Step>(c) << 48;
}
constexpr op::Code row_of(Step s) { return static_cast<op::Code>(s & 0xFFFF); }
constexpr Operand operand_of(Step s, int k) { return static_cast<Operand>(s >> (16 * (k + 1)) & 0xFFFF); }

/// A formula of any length.
struct FormulaView {
  const Step* steps;
  int size, leaves, values;

  constexpr Operand result() const { return size > 0 ? first_step + size - 1 : leaves > 0 ? first_leaf : first_value; }
  /// Whether it gives a truth value.
  constexpr bool is_condition() const {
    return size > 0 && op::info(row_of(steps[size - 1])).kind == op::Kind::predicate;
  }

  /// Records the formula on the nodes of its leaves and values.
  constexpr int record(graph::Recorder& r, const int* leaf, const int* value) const {
    graph::List<int> done;
    const auto node = [&](Operand o) {
      return o == no_operand    ? graph::none
             : o >= first_value ? value[o - first_value]
             : o >= first_leaf  ? leaf[o - first_leaf]
                                : done[o - first_step];
    };
    for (int i = 0; i < size; ++i) {
      const Step s = steps[i];
      done.push_back(r.emit(row_of(s), node(operand_of(s, 0)), node(operand_of(s, 1)), node(operand_of(s, 2))));
    }
    return node(result());
  }
};

/// A computation: each operation once, operands before their users, the result last. It is as it was written; what it
/// is used in will be simplified as a whole.
template <int Steps>
struct Formula {
  int leaves = 0, values = 0;
  Step steps[Steps > 0 ? Steps : 1]{};

  constexpr FormulaView view() const { return {steps, Steps, leaves, values}; }
};

/// Formulas put together in one list of at most `Capacity` steps.
template <int Capacity>
struct Assembly {
  Step steps[Capacity]{};
  int count = 0, values = 0;

  /// Adds a formula and returns its result here. Its leaf k is the operand `place[k]`; its values come after those that
  /// are there. Formulas that share a part usually begin with it: what comes before the first difference is not looked
  /// at closely, most of all not taken apart, which compilers take long for.
  constexpr Operand add(const FormulaView& f, const Operand* place) {
    const int before = count, value = values;
    values += f.values;
    int same = 0;
    if (in_place(f, place)) {
      while (same < f.size && same < before && f.steps[same] == steps[same]) ++same;
      if (same == before) {
        while (same < f.size) steps[count++] = f.steps[same++];
      }
    }

    Operand moved[Capacity]{};
    const auto here = [&](Operand o) {
      return o >= first_value        ? o + value
             : o >= first_leaf       ? place[o - first_leaf]
             : o < first_step + same ? o
                                     : moved[o - first_step];
    };
    for (int i = same; i < f.size; ++i) {
      const Step s = f.steps[i];
      const Step it = step(row_of(s), here(operand_of(s, 0)), here(operand_of(s, 1)), here(operand_of(s, 2)));
      moved[i] = first_step + find_or_add(it, before);
    }
    return here(f.result());
  }

  constexpr void add(Step s) { steps[count++] = s; }

 private:
  /// Whether the leaves and values of a formula have the same numbers here.
  constexpr bool in_place(const FormulaView& f, const Operand* place) const {
    for (int k = 0; k < f.leaves; ++k) {
      if (place[k] != first_leaf + k) return false;
    }
    return f.values == 0 || f.values == values;
  }

  /// The number of a step, which is looked for among the first ones: the others differ from it.
  constexpr int find_or_add(Step s, int before) {
    for (int i = 0; i < before; ++i) {
      if (steps[i] == s) return i;
    }
    steps[count] = s;
    return count++;
  }
};

/// A capacity for some steps: one of a few, for the compiler's sake.
constexpr int capacity(int size) {
  int result = 16;
  while (result < size) result *= 2;
  return result;
}

}  // namespace duet::expr
