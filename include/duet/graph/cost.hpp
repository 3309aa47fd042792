// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/plain.hpp>

namespace duet::graph {

/// The operations of a graph by kind.
struct Cost {
  int additions = 0;        ///< sums, differences, changes of sign
  int multiplications = 0;  ///< products, squares; a fused multiply-add counts as one of each
  int divisions = 0;
  int choices = 0;          ///< comparisons, logic, selections and roundings
  int transcendentals = 0;  ///< calls of everything else

  constexpr int total() const { return additions + multiplications + divisions + choices + transcendentals; }

  friend constexpr Cost operator*(int factor, const Cost& c) {
    return {factor * c.additions, factor * c.multiplications, factor * c.divisions, factor * c.choices,
            factor * c.transcendentals};
  }
  friend constexpr Cost operator+(const Cost& a, const Cost& b) {
    return {a.additions + b.additions, a.multiplications + b.multiplications, a.divisions + b.divisions,
            a.choices + b.choices, a.transcendentals + b.transcendentals};
  }
  constexpr bool operator==(const Cost&) const = default;
  /// By the total number of operations.
  constexpr auto operator<=>(const Cost& other) const { return total() <=> other.total(); }
};

/// Counts the operations of a graph.
template <class AnyGraph>
constexpr Cost count(const AnyGraph& g) {
  Cost cost;
  const List<char> needed = valued(g);
  const char* need = needed.data();
  for (const Node& n : g.nodes) {
    if (!*need++ || n.op < 0) continue;
    const op::Info& row = op::info(n.op);
    if (n.op == op::code<op::Add> || n.op == op::code<op::Subtract> || n.op == op::code<op::Negate>) {
      ++cost.additions;
    } else if (n.op == op::code<op::Multiply> || n.op == op::code<op::Square>) {
      ++cost.multiplications;
    } else if (n.op == op::code<op::Fma>) {
      ++cost.additions, ++cost.multiplications;
    } else if (n.op == op::code<op::Divide>) {
      ++cost.divisions;
    } else if (row.kind != op::Kind::smooth || row.gates) {
      ++cost.choices;
    } else {
      ++cost.transcendentals;
    }
  }
  return cost;
}

}  // namespace duet::graph
