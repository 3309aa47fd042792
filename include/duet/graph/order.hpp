// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/arrival.hpp>

/// The order in which the operations of a graph are carried out.
namespace duet::graph {

/// The graph with each node where the first one that needs it is. A reverse sweep adds to many cotangents in turn,
/// so that in the order of recording all these sums are under way at once, more than there are registers; and compilers
/// largely keep to the order that they are given. In this one each output is finished before the next is begun: first
/// the values, `values` of them, then the derivatives from the last to the first, which is the order in which a reverse
/// sweep gets to what they need. Inputs, too, are read late: those read before a function is called have to be kept
/// beside their places for the time after it.
constexpr Graph by_use(const Graph& g, int values) {
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
  const int outputs = static_cast<int>(g.outputs.size());
  List<int> waiting;  // no recursion, since its depth is limited
  for (int k = 0; k < outputs; ++k) {
    waiting.push_back(g.outputs[k < values ? k : values + outputs - 1 - k]);
    while (!waiting.empty()) {
      const int top = waiting[waiting.size() - 1];
      const Node& n = g[top];
      int missing = -1;
      if (place[top] < 0) {
        for (int operand = n.arity() - 1; operand >= 0; --operand) {
          if (place[n.operand(operand)] < 0) missing = n.operand(operand);
        }
      }
      if (missing >= 0) {
        waiting.push_back(missing);
      } else {
        if (place[top] < 0) put(top);
        waiting.resize(waiting.size() - 1);
      }
    }
  }
  for (int output : g.outputs) result.outputs.push_back(place[output]);
  return result;
}

/// A graph of values, `values` of them, and derivatives, ready to be run.
constexpr Graph arranged(const Graph& g, int values) { return by_use(ByArrival(g, values, 1).graph(), values); }

/// The same where derivatives are best finished in the order of the outputs. That is so for elements of a Hessian: an
/// elimination leaves those of a row with factors in common, and no row waits for a later one.
constexpr Graph arranged_in_order(const Graph& g, int values) {
  return by_use(ByArrival(g, values, 1).graph(), static_cast<int>(g.outputs.size()));
}

}  // namespace duet::graph
