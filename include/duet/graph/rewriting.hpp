// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/rules.hpp>

/// Recording with the rules applied.
namespace duet::graph {

constexpr int Recorder::emit(op::Code op, int a, int b, int c) {
  sort(op, a, b);
  const Node* const nodes = nodes_.data();
  const op::Code row_a = nodes[a].op, row_b = b < 0 ? row_a : nodes[b].op;
  if (row_a == Node::constant && row_b == Node::constant && (c < 0 || nodes[c].op == Node::constant)) {
    return constant(fold(op, nodes[a].value, b < 0 ? 0 : nodes[b].value, c < 0 ? 0 : nodes[c].value));
  }
  for (RuleSet rest = rules::candidates(op, row_a, row_b) & ~disabled_; rest != 0; rest &= rest - 1) {
    const int rewritten = rules::table[std::countr_zero(rest)].rewrite(*this, a, b, c);
    if (rewritten >= 0) return rewritten;
  }
  return find_or_add(Node{op, a, b, c, 0.0});
}

}  // namespace duet::graph
