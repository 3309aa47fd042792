// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>

#include <duet/graph/graph.hpp>

/// Two rows of a Jacobian in the two lanes of a vector register. The sweeps of two rows do the same to different
/// numbers, which compilers do not find out among hundreds of operations; here it is known where to begin.
namespace duet::graph {

/// How many operations there are in a graph; taking lanes from elsewhere is one.
template <class AnyGraph>
constexpr int operations(const AnyGraph& g) {
  int count = 0;
  for (const Node& n : g.nodes) count += n.op >= 0 || n.op == Node::lanes;
  return count;
}

/// Puts a graph of `rows` outputs followed by their Jacobian, row by row, into lanes.
///
/// The result is a graph on pairs of numbers. What both rows need is worked out in both lanes alike, which costs
/// nothing; a node of the kind `Node::lanes` takes its lanes from others, `a` and `b`. These and the outputs are
/// sources: twice a node, plus the lane.
class Lanes {
 public:
  template <class AnyGraph>
  constexpr Lanes(const AnyGraph& g, int rows) : nodes_(&g[0], &g[0] + g.size()), fates_(g.size()) {
    g_.inputs = g.inputs;
    g_.nodes.reserve(2 * g.size());
    List<int> outputs;
    for (int output : g.outputs) outputs.push_back(output);
    claim(outputs, rows);
    pair(outputs, rows);
    for (int i = 0; i < size() && !knotted_; ++i) put(i);
    for (std::size_t k = 0; k < outputs.size() && !knotted_; ++k) g_.outputs.push_back(source(outputs[k]));
  }

  constexpr const Graph& graph() const { return g_; }

  /// Whether the graph is complete; it is not if partners turned out to need each other.
  constexpr bool possible() const { return !knotted_; }

 private:
  struct Fate {
    std::uint64_t rows = 0;  ///< the rows that need the node
    int partner = -1;        ///< the node that does the same in the other lane
    int lane = 0;
    bool crossed = false;  ///< lane 1 takes the operands in the other order
    bool open = false;     ///< on the way to its place
    int place = -1;
    int shuffle = -1;  ///< the last of those that have this node in lane 0
  };
  /// Node `b` beside another one; `next` is another shuffle with that one.
  struct Shuffle {
    int b = -1, place = -1, next = -1;
  };

  constexpr int size() const { return static_cast<int>(nodes_.size()); }

  /// Notes which rows need which nodes.
  constexpr void claim(const List<int>& outputs, int rows) {
    const int columns = static_cast<int>(outputs.size()) / rows - 1;
    for (int k = 0; k < static_cast<int>(outputs.size()); ++k) {
      const int row = k < rows ? k : (k - rows) / columns;
      fates_[outputs[k]].rows |= std::uint64_t(1) << row;
    }
    const Node* const nodes = nodes_.data();
    Fate* const fates = fates_.data();
    for (int i = size() - 1; i >= 0; --i) {
      const Node& n = nodes[i];
      if (n.op < 0) continue;
      fates[n.a].rows |= fates[i].rows;
      if (n.b >= 0) fates[n.b].rows |= fates[i].rows;
      if (n.c >= 0) fates[n.c].rows |= fates[i].rows;
    }
  }

  /// Finds partners: first the elements of neighbouring rows, then the operands of those that have partners.
  constexpr void pair(const List<int>& outputs, int rows) {
    const int columns = static_cast<int>(outputs.size()) / rows - 1;
    for (int row = 0; row + 1 < rows; row += 2) {
      join(outputs[row], outputs[row + 1]);
      for (int k = rows + row * columns; k < rows + (row + 1) * columns; ++k) join(outputs[k], outputs[k + columns]);
    }
    const Node* const nodes = nodes_.data();
    Fate* const fates = fates_.data();
    for (int i = size() - 1; i >= 0; --i) {
      const int partner = fates[i].partner;
      if (partner < 0 || partner > i) continue;
      const int first = fates[i].lane == 0 ? i : partner, second = fates[i].lane == 0 ? partner : i;
      const Node &a = nodes[first], &b = nodes[second];
      const bool crossed =
          op::info(a.op).commutes && likeness(a.a, b.b) + likeness(a.b, b.a) > likeness(a.a, b.a) + likeness(a.b, b.b);
      fates[second].crossed = crossed;
      const int arity = a.arity();
      for (int k = 0; k < arity; ++k) join(a.operand(k), b.operand(crossed ? 1 - k : k));
    }
  }

  /// Whether two nodes can be one operation: the same on numbers of which neither depends on the other.
  constexpr bool fit(int a, int b) const {
    const Node* const nodes = nodes_.data();
    if (nodes[a].op != nodes[b].op || !is_arithmetic(nodes[a].op)) return false;
    const Fate* const fates = fates_.data();
    return (fates[a].rows & fates[b].rows) == 0 && fates[a].partner < 0 && fates[b].partner < 0;
  }
  constexpr int likeness(int a, int b) const { return a == b || fates_[a].partner == b ? 2 : fit(a, b) ? 1 : 0; }

  static constexpr bool is_arithmetic(op::Code op) {
    return op == op::code<op::Add> || op == op::code<op::Subtract> || op == op::code<op::Multiply> ||
           op == op::code<op::Square> || op == op::code<op::Divide> || op == op::code<op::Negate>;
  }

  constexpr void join(int a, int b) {
    if (a == b || !fit(a, b)) return;
    fates_[a].partner = b;
    fates_[b].partner = a;
    fates_[b].lane = 1;
  }

  /// Puts a node, and before it what it needs, into the graph. (A loop, since the depth of recursion is limited.)
  constexpr void put(int node) {
    if (fates_[node].place >= 0) return;
    if (first_missing(node) < 0) return write(node);
    List<int> waiting{node};
    while (!waiting.empty() && !knotted_) {
      const int top = waiting[waiting.size() - 1];
      Fate& fate = fates_[top];
      const int missing = fate.place >= 0 ? -1 : first_missing(top);
      if (missing >= 0) {
        knotted_ = fates_[missing].open;
        fate.open = true;
        if (fate.partner >= 0) fates_[fate.partner].open = true;
        waiting.push_back(missing);
      } else {
        if (fate.place < 0) write(top);
        waiting.resize(waiting.size() - 1);
      }
    }
  }

  /// The first operand of a node or its partner that has no place yet; -1 if they all have.
  constexpr int first_missing(int node) const {
    const Node* const nodes = nodes_.data();
    const Fate* const fates = fates_.data();
    for (int i = node; i >= 0; i = i == node ? fates[node].partner : -1) {
      const Node& n = nodes[i];
      if (n.op < 0) continue;
      if (fates[n.a].place < 0) return n.a;
      if (n.b >= 0 && fates[n.b].place < 0) return n.b;
      if (n.c >= 0 && fates[n.c].place < 0) return n.c;
    }
    return -1;
  }

  constexpr void write(int node) {
    Fate& fate = fates_[node];
    Node n = nodes_[node];
    if (fate.partner >= 0) {
      const int first = fate.lane == 0 ? node : fate.partner, second = fate.lane == 0 ? fate.partner : node;
      const Node a = nodes_[first], b = nodes_[second];
      const bool crossed = fates_[second].crossed;
      n.a = both(a.a, crossed ? b.b : b.a);
      if (a.b >= 0) n.b = both(a.b, crossed ? b.a : b.b);
    } else if (n.op >= 0) {
      n.a = both(n.a, n.a);
      if (n.b >= 0) n.b = both(n.b, n.b);
      if (n.c >= 0) n.c = both(n.c, n.c);
    }
    if (fate.partner >= 0) fates_[fate.partner].place = static_cast<int>(g_.nodes.size());
    fate.place = static_cast<int>(g_.nodes.size());
    g_.nodes.push_back(n);
  }

  constexpr int source(int node) const { return 2 * fates_[node].place + fates_[node].lane; }

  /// The place where lane 0 has node `a` and lane 1 node `b`.
  constexpr int both(int a, int b) {
    Fate& fate = fates_[a];
    if (fate.partner == b && fate.lane == 0) return fate.place;
    if (a == b && fate.partner < 0) return fate.place;
    for (int k = fate.shuffle; k >= 0; k = shuffles_[k].next) {
      if (shuffles_[k].b == b) return shuffles_[k].place;
    }
    const int place = static_cast<int>(g_.nodes.size());
    g_.nodes.push_back(Node{Node::lanes, source(a), source(b), -1, 0.0});
    shuffles_.push_back({b, place, fate.shuffle});
    fate.shuffle = static_cast<int>(shuffles_.size()) - 1;
    return place;
  }

  List<Node> nodes_;
  List<Fate> fates_;
  List<Shuffle> shuffles_;
  bool knotted_ = false;  ///< partners need each other
  Graph g_{};
};

}  // namespace duet::graph
