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

/// A computation: each operation once, operands before their users, the result last. It is as it was written; what it
/// is used in will be simplified as a whole.
template <int Steps>
struct Formula {
  static constexpr int size = Steps;
  int leaves = 0, values = 0;
  Step steps[Steps > 0 ? Steps : 1]{};

  constexpr Operand result() const {
    return Steps > 0 ? first_step + Steps - 1 : leaves > 0 ? first_leaf : first_value;
  }

  /// Whether it gives a truth value.
  constexpr bool is_condition() const {
    return Steps > 0 && op::info(row_of(steps[Steps > 0 ? Steps - 1 : 0])).kind == op::Kind::predicate;
  }

  /// Records the formula on the nodes of its leaves and values.
  constexpr int record(graph::Recorder& r, const graph::List<int>& leaf, const int* value) const {
    graph::List<int> done;
    const auto node = [&](Operand o) {
      return o == no_operand    ? graph::none
             : o >= first_value ? value[o - first_value]
             : o >= first_leaf  ? leaf[o - first_leaf]
                                : done[o - first_step];
    };
    for (int i = 0; i < Steps; ++i) {
      const Step s = steps[i];
      done.push_back(r.emit(row_of(s), node(operand_of(s, 0)), node(operand_of(s, 1)), node(operand_of(s, 2))));
    }
    return node(result());
  }
};

/// Formulas put together in one list of at most `Capacity` steps.
template <int Capacity>
struct Assembly {
  Step steps[Capacity]{};
  int count = 0, values = 0;

  /// Adds a formula and returns its result here. Its leaf k is the operand `place[k]`; its values come after those that
  /// are there. Formulas that share a part usually begin with it: what comes before the first difference is not looked
  /// at closely, most of all not taken apart, which compilers take long for.
  constexpr Operand add(const Step* its_steps, int size, Operand result, const Operand* place, int leaves,
                        int its_values) {
    const int before = count, value = values;
    values += its_values;
    int same = 0;
    if (in_place(place, leaves) && (its_values == 0 || value == 0)) {
      while (same < size && same < before && its_steps[same] == steps[same]) ++same;
      if (same == before) {
        while (same < size) steps[count++] = its_steps[same++];
      }
    }

    Operand moved[Capacity]{};
    const auto here = [&](Operand o) {
      return o >= first_value        ? o + value
             : o >= first_leaf       ? place[o - first_leaf]
             : o < first_step + same ? o
                                     : moved[o - first_step];
    };
    for (int i = same; i < size; ++i) {
      const Step s = its_steps[i];
      const Step it = step(row_of(s), here(operand_of(s, 0)), here(operand_of(s, 1)), here(operand_of(s, 2)));
      moved[i] = first_step + find_or_add(it, before);
    }
    return here(result);
  }

  constexpr void add(Step s) { steps[count++] = s; }

 private:
  static constexpr bool in_place(const Operand* place, int leaves) {
    for (int k = 0; k < leaves; ++k) {
      if (place[k] != first_leaf + k) return false;
    }
    return true;
  }

  /// Looks for a step among the first ones.
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
