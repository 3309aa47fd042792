// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/graph.hpp>

/// Graphs that nobody is going to differentiate any more.
namespace duet::graph {

/// The node whose value node `i` has: attached derivatives make no difference to it.
constexpr int value_node(const Node* nodes, int i) {
  while (nodes[i].op == op::code<op::Attach>) i = nodes[i].a;
  return i;
}

/// Whether derivatives are attached to some node.
template <class AnyGraph>
constexpr bool has_attached(const AnyGraph& g) {
  for (const Node& n : g.nodes) {
    if (n.op == op::code<op::Attach>) return true;
  }
  return false;
}

/// Marks the nodes that the values of the outputs depend on; inputs always count.
template <class AnyGraph>
constexpr List<char> valued(const AnyGraph& g) {
  List<char> result(g.size());
  char* const needed = result.data();
  const Node* const nodes = std::data(g.nodes);
  for (int output : g.outputs) needed[value_node(nodes, output)] = 1;
  for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
    const Node& n = nodes[i];
    if (n.op == Node::input) needed[i] = 1;
    if (!needed[i] || n.op < 0) continue;
    needed[value_node(nodes, n.a)] = 1;
    if (n.b >= 0) needed[value_node(nodes, n.b)] = 1;
    if (n.c >= 0) needed[value_node(nodes, n.c)] = 1;
  }
  return result;
}

/// The graph without attached derivatives: on numbers that carry no derivative it gives the same.
template <class AnyGraph>
constexpr Graph plain(const AnyGraph& g) {
  const List<char> needed = valued(g);
  List<int> place(g.size(), -1);
  const auto moved = [&](int i) { return i < 0 ? i : place[value_node(std::data(g.nodes), i)]; };
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
