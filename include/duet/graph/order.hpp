// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/arrival.hpp>

/// The order in which the operations of a graph are carried out.
namespace duet::graph {

/// How many registers each node takes with all that it needs, were nothing shared (Sethi and Ullman, The generation of
/// optimal code for arithmetic expressions, 1970): where operands take different numbers, the most is enough. Third
/// operands are rare and not counted.
constexpr List<int> registers_of(const Graph& g) {
  List<int> count(g.size(), 1);
  for (int i = 0; i < static_cast<int>(g.size()); ++i) {
    const Node& n = g[i];
    if (n.op < 0) continue;
    const int a = count[n.a], b = n.b < 0 ? 0 : count[n.b];
    count[i] = a > b ? a : b > a || n.a == n.b ? b : a + 1;
  }
  return count;
}

/// The graph with each node where the first one that needs it is, `roots` being finished one after the other: all
/// outputs are among them. A reverse sweep adds to many cotangents in turn, so that in the order of recording all these
/// sums are under way at once, more than there are registers; and compilers largely keep to the order that they are
/// given. Of operands that are still missing the one that takes more registers comes first, as far as `registers` says.
/// Inputs, too, are read late: those read before a function is called have to be kept beside their places for the time
/// after it. Nodes with a partner stand beside it, where the first of the two is needed.
constexpr Graph by_use(const Graph& g, const List<int>& roots, const List<int>& partner, const List<int>& registers) {
  Graph result;
  result.inputs = g.inputs;
  result.nodes.reserve(g.size());
  List<int> place(g.size(), -1);
  const auto put = [&](int i) {
    const auto at = [&](int operand) { return operand < 0 ? operand : place[operand]; };
    const Node n = g[i];
    place[i] = static_cast<int>(result.nodes.size());
    result.nodes.push_back(n.op < 0 ? n : Node{n.op, at(n.a), at(n.b), at(n.c), 0.0});
  };
  List<int> waiting;  // no recursion, since its depth is limited
  for (int root : roots) {
    waiting.push_back(root);
    while (!waiting.empty()) {
      const int top = waiting[waiting.size() - 1];
      const Node& n = g[top];
      int missing = -1;
      if (place[top] < 0) {
        const auto ask = [&](int i) {
          if (place[i] < 0 && (missing < 0 || registers[i] >= registers[missing])) missing = i;
        };
        for (int operand = n.arity() - 1; operand >= 0; --operand) ask(n.operand(operand));
        if (partner[top] >= 0) ask(g[partner[top]].a);
      }
      if (missing >= 0) {
        waiting.push_back(missing);
      } else {
        if (place[top] < 0) {
          put(top);
          if (partner[top] >= 0) put(partner[top]);
        }
        waiting.resize(waiting.size() - 1);
      }
    }
  }
  for (int output : g.outputs) result.outputs.push_back(place[output]);
  return result;
}

/// A graph of values, `values` of them, and derivatives, ready to be run: first the values, then the derivatives from
/// the last to the first, which is the order in which a reverse sweep gets to what they need.
constexpr Graph arranged(const Graph& g, int values) {
  const ByArrival arrived(g, values, 1);
  const Graph& order = arrived.graph();
  const List<char> by_values = needed_by_values(order, values);
  List<int> roots = first_calls(order, by_values);
  for (int k = 0; k < values; ++k) roots.push_back(order.outputs[k]);
  for (int k = static_cast<int>(order.outputs.size()) - 1; k >= values; --k) roots.push_back(order.outputs[k]);
  return by_use(order, roots, couples(order, by_values), registers_of(order));
}

/// The same where derivatives are best finished in the order of the outputs. That is so for elements of a Hessian: an
/// elimination leaves those of a row with factors in common, and no row waits for a later one. They share so much that
/// a count of registers as if they didn't misleads.
constexpr Graph arranged_in_order(const Graph& g, int values) {
  const ByArrival arrived(g, values, 1);
  return by_use(arrived.graph(), arrived.graph().outputs, List<int>(g.size(), -1), List<int>(g.size(), 1));
}

}  // namespace duet::graph
