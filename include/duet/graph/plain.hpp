// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/graph.hpp>

/// Graphs that nobody is going to differentiate any more.
namespace duet::graph {

/// The node whose value node `i` has: attached derivatives make no difference to it.
template <class AnyGraph>
constexpr int value_node(const AnyGraph& g, int i) {
  while (g[i].op == op::code<op::Attach>) i = g[i].a;
  return i;
}

/// Whether derivatives are attached to some node.
template <class AnyGraph>
constexpr bool has_attached(const AnyGraph& g) {
  for (std::size_t i = 0; i < g.size(); ++i) {
    if (g[static_cast<int>(i)].op == op::code<op::Attach>) return true;
  }
  return false;
}

/// Marks the nodes that the values of the outputs depend on; inputs always count.
template <class AnyGraph>
constexpr List<char> valued(const AnyGraph& g) {
  List<char> needed(g.size(), 0);
  for (int output : g.outputs) needed[value_node(g, output)] = 1;
  for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
    const Node& n = g[i];
    if (n.op == Node::input) needed[i] = 1;
    if (!needed[i]) continue;
    for (int k = 0; k < n.arity(); ++k) needed[value_node(g, n.operand(k))] = 1;
  }
  return needed;
}

/// The graph without attached derivatives: on numbers that carry no derivative it gives the same.
template <class AnyGraph>
constexpr Graph plain(const AnyGraph& g) {
  const List<char> needed = valued(g);
  List<int> place(g.size(), -1);
  const auto moved = [&](int i) { return i < 0 ? i : place[value_node(g, i)]; };
  Graph result;
  result.inputs = g.inputs;
  for (std::size_t i = 0; i < g.size(); ++i) {
    if (!needed[i]) continue;
    const Node& n = g[static_cast<int>(i)];
    place[i] = static_cast<int>(result.nodes.size());
    result.nodes.push_back(n.op < 0 ? Node(n) : Node{n.op, moved(n.a), moved(n.b), moved(n.c), 0.0});
  }
  for (int output : g.outputs) result.outputs.push_back(moved(output));
  return result;
}

/// The maker of the plain graph of `Owner`.
template <class Owner>
struct Plain {
  static constexpr Graph make() { return plain(Owner::graph); }
};

}  // namespace duet::graph
