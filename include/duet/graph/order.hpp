// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/arrival.hpp>
#include <duet/graph/couples.hpp>

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

/// The graph with each node where the first one that needs it is. A reverse sweep adds to many cotangents in turn,
/// so that in the order of recording all these sums are under way at once, more than there are registers; and compilers
/// largely keep to the order that they are given. In this one each output is finished before the next is begun: first
/// the values, `values` of them, then the derivatives from the last to the first, which is the order in which a reverse
/// sweep gets to what they need. Of operands that are still missing the one that takes more registers comes first, as
/// far as `registers` says. Inputs, too, are read late: those read before a function is called have to be kept beside
/// their places for the time after it. Exponentials that can be computed together stand side by side, where the first
/// of them is needed.
constexpr Graph by_use(const Graph& g, int values, const List<int>& registers) {
  Graph result;
  result.inputs = g.inputs;
  result.nodes.reserve(g.size());
  List<int> place(g.size(), -1);
  const List<int> partner = partners(g, values);
  const auto put = [&](int i) {
    const auto at = [&](int operand) { return operand < 0 ? operand : place[operand]; };
    const Node n = g[i];
    place[i] = static_cast<int>(result.nodes.size());
    result.nodes.push_back(n.op < 0 ? n : Node{n.op, at(n.a), at(n.b), at(n.c), 0.0});
  };
  const int outputs = static_cast<int>(g.outputs.size());
  List<int> waiting;  // no recursion, since its depth is limited
  for (int k = 0; k < outputs; ++k) {
    waiting.push_back(g.outputs[k < values ? k : values + outputs - 1 - k]);
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

/// A graph of values, `values` of them, and derivatives, ready to be run.
constexpr Graph arranged(const Graph& g, int values) {
  const ByArrival arrived(g, values, 1);
  return by_use(arrived.graph(), values, registers_of(arrived.graph()));
}

/// The same where derivatives are best finished in the order of the outputs. That is so for elements of a Hessian: an
/// elimination leaves those of a row with factors in common, and no row waits for a later one. They share so much that
/// a count of registers as if they didn't misleads.
constexpr Graph arranged_in_order(const Graph& g, int values) {
  const ByArrival arrived(g, values, 1);
  return by_use(arrived.graph(), static_cast<int>(g.outputs.size()), List<int>(g.size(), 1));
}

}  // namespace duet::graph
