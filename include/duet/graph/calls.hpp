// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/graph.hpp>

/// Calls of functions, which take as long as a dozen other operations: which of them come first, and which are made two
/// at a time.
namespace duet::graph {

/// Whether an operation is the call of a function, and not an instruction or a few.
constexpr bool is_call(const Node& n) {
  return n.op >= op::first_function && n.op != op::code<op::Sqrt> && n.op != op::code<op::Attach>;
}

/// Which nodes the first `values` outputs need.
template <class AnyGraph>
constexpr List<char> needed_by_values(const AnyGraph& g, int values) {
  List<char> result(g.size());
  char* const needed = result.data();
  const Node* const nodes = std::data(g.nodes);
  for (int k = 0; k < values; ++k) needed[g.outputs[k]] = true;
  for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
    const Node& n = nodes[i];
    const int operands = needed[i] ? n.arity() : 0;
    for (int k = 0; k < operands; ++k) needed[n.operand(k)] = true;
  }
  return result;
}

/// Whether a node has an operand that is marked.
constexpr bool has_marked_operand(const Node& n, const List<char>& marked) {
  if (n.op < 0) return false;
  const char* const mark = marked.data();
  return mark[n.a] || (n.b >= 0 && mark[n.b]) || (n.c >= 0 && mark[n.c]);
}

/// The calls among `needed` nodes that wait for no call, if there are others that do: they should come first. What
/// functions do depends on their arguments, and a processor that guessed it wrong has to start anew with everything
/// that comes later.
constexpr List<int> first_calls(const Graph& g, const List<char>& needed) {
  List<int> first;
  List<char> waits(g.size());
  bool some_wait = false;
  const Node* const nodes = g.nodes.data();
  for (int i = 0; i < static_cast<int>(g.size()); ++i) {
    waits[i] = has_marked_operand(nodes[i], waits);
    if (!is_call(nodes[i])) continue;
    if (needed[i]) {
      if (waits[i]) {
        some_wait = true;
      } else {
        first.push_back(i);
      }
    }
    waits[i] = true;
  }
  if (!some_wait) first.resize(0);
  return first;
}

/// For each node the exponential that it can be computed with, or -1. Only derivatives have such couples: what a value
/// needs is computed by libm, to the last bit as in the function as written. Couples follow one another in the graph,
/// so that what lies between the two of one never waits for another one.
constexpr List<int> couples(const Graph& g, const List<char>& by_values) {
  List<int> partner(g.size(), -1);
  List<char> waits(g.size());  // for `single`
  int single = -1;
  const Node* const nodes = g.nodes.data();
  for (int i = 0; i < static_cast<int>(g.size()); ++i) {
    waits[i] = has_marked_operand(nodes[i], waits);
    if (nodes[i].op != op::code<op::Exp> || by_values[i]) continue;
    if (single >= 0 && !waits[i]) {
      partner[single] = i;
      partner[i] = single;
      single = -1;
    } else {
      single = i;
    }
    waits = List<char>(g.size());
    if (single >= 0) waits[single] = true;
  }
  return partner;
}

/// Which exponentials of a graph in which couples are neighbours are computed with the node before.
template <class AnyGraph>
constexpr List<char> second_of_couples(const AnyGraph& g, int values) {
  List<char> second(g.size());
  const List<char> by_value = needed_by_values(g, values);
  for (int i = 1; i < static_cast<int>(g.size()); ++i) {
    const auto is_free = [&](int k) { return g[k].op == op::code<op::Exp> && !by_value[k]; };
    second[i] = is_free(i) && is_free(i - 1) && g[i].a != i - 1 && !second[i - 1];
  }
  return second;
}

}  // namespace duet::graph
