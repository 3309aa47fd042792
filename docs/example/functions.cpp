// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the table of functions and their derivatives for docs/functions.md, from the op table itself: evaluating a
// row's partial derivatives on symbols gives graphs, and graphs can be printed.

#include <cstdio>
#include <duet/duet.hpp>
#include <duet/expr/print.hpp>
#include <string>
#include <utility>
#include <vector>

namespace {

using duet::graph::Graph;
using duet::graph::Node;

/// The graph with the operands of sums and products in alphabetical order: in a partial derivative their order depends
/// on the compiler, which may evaluate operands from left to right or from right to left.
Graph in_order(Graph g, const std::vector<std::string>& names) {
  const auto text = [&](int node) {
    Graph operand = g;
    operand.outputs = {node};
    return duet::to_string(operand, names);
  };
  for (Node& n : g.nodes) {
    if (n.op < 0 || !duet::op::info(n.op).commutes) continue;
    const bool numbers_lead = g[n.a].op == Node::constant;
    if (!numbers_lead && text(n.b) < text(n.a)) std::swap(n.a, n.b);
  }
  return g;
}

std::string code(std::string text) {
  for (std::size_t i = 0; (i = text.find('|', i)) != std::string::npos; i += 2) text.insert(i, "\\");
  return "`" + text + "`";
}

template <class Op>
std::vector<std::string> operand_names() {
  if constexpr (requires { Op::first_active; }) {
    return Op::arity == 2 ? std::vector<std::string>{"n", "x"} : std::vector<std::string>{"c", "a", "b"};
  } else {
    return Op::arity == 1 ? std::vector<std::string>{"x"} : std::vector<std::string>{"a", "b", "c"};
  }
}

template <class Op>
void print_row() {
  if (std::same_as<Op, duet::op::Attach>) return;  // no function: it carries custom rules
  const std::vector<std::string> names = operand_names<Op>();
  duet::graph::Recorder r(~duet::graph::RuleSet(0));  // as written: no rewriting
  const auto x = duet::graph::inputs(r, Op::arity);
  const auto printed = [&](int node) {
    return code(duet::to_string(in_order(duet::graph::extract(r, {node}), names), names));
  };
  const int y = r.emit<Op>(x[0], Op::arity > 1 ? x[1] : -1, Op::arity > 2 ? x[2] : -1);
  std::string derivatives;
  const auto add = [&]<int K>(std::integral_constant<int, K>) {
    if (!duet::op::has_partial<Op, K>) return;
    const std::string d = printed(duet::graph::record_partial<Op, K>(r, Node(r[y]), y));
    derivatives += (derivatives.empty() ? "" : ", ") + (Op::arity > 1 ? "d" + names[K] + ": " + d : d);
  };
  [&]<int... K>(std::integer_sequence<int, K...>) { (add(std::integral_constant<int, K>{}), ...); }
  (std::make_integer_sequence<int, Op::arity>{});
  if (Op::kind == duet::op::Kind::flat) derivatives = "0";
  if (Op::kind == duet::op::Kind::predicate) derivatives = "none: a condition";
  std::printf("| %s | %s |\n", printed(y).c_str(), derivatives.c_str());
}

template <class... Ops>
void print(duet::op::Rows<Ops...>) {
  std::printf("| function | derivative |\n|---|---|\n");
  (print_row<Ops>(), ...);
}

}  // namespace

int main() { print(duet::op::Table{}); }
