// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/arrival.hpp>

/// The order in which the operations of a graph are carried out.
namespace duet::graph {

/// How many registers each node takes with all that it needs, were nothing shared (Sethi and Ullman, The generation of
/// optimal code for arithmetic expressions, 1970): where operands take different numbers, the most is enough. Third
/// operands are rare and not counted.
constexpr List<int> registers_of(const Graph& g) {
  List<int> result(g.size(), 1);
  const Node* const nodes = g.nodes.data();
  int* const count = result.data();
  for (int i = 0; i < static_cast<int>(g.size()); ++i) {
    const Node& n = nodes[i];
    const int operands = n.arity();
    if (operands == 0) continue;
    const int x = n.source(0), y = operands < 2 ? x : n.source(1);
    count[i] = count[x] > count[y] || x == y ? count[x] : count[y] > count[x] ? count[y] : count[x] + 1;
  }
  return result;
}

/// The graph with each node where the first one that needs it is, `roots` being finished one after the other: all
/// outputs are among them. A reverse sweep adds to many cotangents in turn, so that in the order of recording all these
/// sums are under way at once, more than there are registers; and compilers largely keep to the order that they are
/// given. Of operands that are still missing the one that takes more registers comes first, as far as `registers` says.
/// Inputs, too, are read late: those read before a function is called have to be kept beside their places for the time
/// after it. Nodes with a partner stand beside it, where the first of the two is needed; `partner` may be empty.
///
/// The outputs name one of `sources` sources in a node, as in graphs on pairs of numbers.
constexpr Graph by_use(const Graph& g, const List<int>& roots, const List<int>& partner, const List<int>& registers,
                       int sources = 1) {
  Graph result;
  result.inputs = g.inputs;
  result.nodes.reserve(g.size());
  List<int> places(g.size(), -1);
  List<int> stack(g.size() + 1);  // no recursion, since its depth is limited
  const Node* const nodes = g.nodes.data();
  const int* const weight = registers.data();
  int* const place = places.data();
  int* const waiting = stack.data();
  int next = 0;
  const auto put = [&](int i) {
    result.nodes.push_back(nodes[i].moved(place));
    place[i] = next++;
  };
  for (int root : roots) {
    if (place[root] >= 0) continue;
    int depth = 0;
    waiting[depth++] = root;
    while (depth > 0) {
      const int top = waiting[depth - 1];
      int missing = -1;
      const auto ask = [&](int i) {
        if (place[i] < 0 && (missing < 0 || weight[i] >= weight[missing])) missing = i;
      };
      if (place[top] < 0) {
        for (int k = nodes[top].arity() - 1; k >= 0; --k) ask(nodes[top].source(k));
        if (!partner.empty() && partner[top] >= 0) ask(nodes[partner[top]].a);
      }
      if (missing >= 0) {
        waiting[depth++] = missing;
        continue;
      }
      --depth;
      if (place[top] >= 0) continue;
      put(top);
      if (!partner.empty() && partner[top] >= 0) put(partner[top]);
    }
  }
  for (int output : g.outputs) result.outputs.push_back(sources * place[output / sources] + output % sources);
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
  return by_use(arrived.graph(), arrived.graph().outputs, {}, List<int>(g.size(), 1));
}

/// A graph on pairs of numbers (lanes.hpp), ready to be run. Functions are called first, since all that is known before
/// a call has to be kept over it; then come the values, then the derivatives from the last to the first.
constexpr Graph arranged_pairs(const Graph& g, int values) {
  const ByArrival arrived(g, values, 2);
  const Graph& order = arrived.graph();
  List<int> roots;
  for (int i = 0; i < static_cast<int>(order.size()); ++i) {
    if (is_call(order[i])) roots.push_back(i);
  }
  for (int k = 0; k < values; ++k) roots.push_back(order.outputs[k] / 2);
  for (int k = static_cast<int>(order.outputs.size()) - 1; k >= values; --k) roots.push_back(order.outputs[k] / 2);
  return by_use(order, roots, {}, registers_of(order), 2);
}

}  // namespace duet::graph
