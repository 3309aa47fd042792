// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <bit>
#include <cstdint>

#include <duet/graph/fold.hpp>
#include <duet/graph/graph.hpp>

/// Recording: the only place where nodes are made, so that no graph ever holds the same operation twice.
namespace duet::graph {

/// A set of rewriting rules that are switched off, by their number in the list of rules.
using RuleSet = std::uint64_t;

/// Builds a graph node by node. Each node is folded if its operands are constants, rewritten by the rules, and found
/// again if it is already there (hash-consing); all of that in constant time, so recording is linear in the nodes.
class Recorder {
 public:
  explicit constexpr Recorder(RuleSet disabled = 0) : disabled_(disabled), slots_(1) {}

  /// A recorder of what will be recorded again: it does not rewrite, and complaints can wait.
  static constexpr Recorder rehearsal() {
    Recorder r(~RuleSet{0});
    r.rehearses_ = true;
    return r;
  }

  /// A recorder that goes on from a graph; its nodes keep their numbers.
  template <class AnyGraph>
  requires requires(const AnyGraph& g) { g.outputs; }
  constexpr Recorder(const AnyGraph& g, RuleSet disabled) : disabled_(disabled), inputs_(g.inputs) {
    make_room(4 * g.size());
    const Node* const nodes = &g[0];
    for (std::size_t i = 0; i < g.size(); ++i) {
      nodes_.push_back(nodes[i]);
      wild_.push_back(may_be_wild(nodes[i]));
    }
    fill_slots();
  }

  constexpr int input() {
    nodes_.push_back(Node{Node::input, inputs_++, -1, -1, 0.0});
    wild_.push_back(0);
    return size() - 1;
  }
  constexpr int constant(double value) { return find_or_add(Node{Node::constant, -1, -1, -1, value}); }

  /// The result of row `op` on recorded operands (rewriting.hpp).
  constexpr int emit(op::Code op, int a, int b = -1, int c = -1);

  template <class Op, class Code = op::Code>
  constexpr int emit(int a, int b = -1, int c = -1) {
    return emit(Code{op::code<Op>}, a, b, c);
  }

  /// The same without rewriting, for rules whose results might match again.
  constexpr int emit_as_is(op::Code op, int a, int b) {
    sort(op, a, b);
    return find_or_add(Node{op, a, b, -1, 0.0});
  }

  /// The node of a row on these operands if it has been recorded already, else -1.
  constexpr int known(op::Code op, int a, int b = -1, int c = -1) const {
    sort(op, a, b);
    return known(Node{op, a, b, c, 0.0});
  }
  constexpr int known(const Node& n) const { return place(slot(n)) - 1; }

  /// Whether a node may be infinite or NaN although all inputs are finite (overflow of sums and products aside).
  constexpr bool is_wild(int i) const { return wild_[i]; }

  /// Whether a set of rules is switched on.
  constexpr bool enabled(RuleSet rules) const { return (disabled_ & rules) == 0; }

  constexpr bool rehearses() const { return rehearses_; }

  constexpr int size() const { return static_cast<int>(nodes_.size()); }
  constexpr int inputs() const { return inputs_; }
  constexpr const Node& operator[](int i) const { return nodes_[i]; }
  constexpr const List<Node>& nodes() const { return nodes_; }

  template <class Op>
  constexpr bool is(int i) const {
    return nodes_[i].op == op::code<Op>;
  }
  constexpr bool is_constant(int i) const { return nodes_[i].op == Node::constant; }
  constexpr bool is_constant(int i, double value) const { return is_constant(i) && nodes_[i].value == value; }

 private:
  static constexpr std::size_t block = 64;
  /// Some slots of the hash table: each has a node's number and one, or zero. An array of zeros is one object to a
  /// compiler that evaluates constants, however long it is.
  struct Slots {
    int place[block]{};
  };

  static constexpr std::size_t hash(const Node& n) {
    constexpr std::uint64_t p = 0x9E3779B97F4A7C15u, q = 0xBF58476D1CE4E5B9u;
    const std::uint64_t op = n.op + 2u, a = n.a + 1u, b = n.b + 1u, c = n.c + 1u;
    const std::uint64_t operands = op ^ a << 8 ^ b << 24 ^ c << 40;
    const std::uint64_t h = n.op >= 0 ? operands * p : std::bit_cast<std::uint64_t>(n.value) * q;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }

  static constexpr bool same(const Node& m, const Node& n) {
    return m.op == n.op && m.a == n.a && m.b == n.b && m.c == n.c &&
           (m.op >= 0 || std::bit_cast<std::uint64_t>(m.value) == std::bit_cast<std::uint64_t>(n.value));
  }

  /// Puts the operands of a commutative operation in order: constants first, then by age.
  constexpr void sort(op::Code op, int& a, int& b) const {
    if (b < 0 || !op::info(op).commutes) return;
    const Node* const nodes = nodes_.data();
    const bool constant_a = nodes[a].op == Node::constant, constant_b = nodes[b].op == Node::constant;
    if (constant_a == constant_b ? a <= b : constant_a) return;
    const int first = b;
    b = a;
    a = first;
  }

  constexpr int& place(std::size_t slot) { return slots_[slot / block].place[slot % block]; }
  constexpr int place(std::size_t slot) const { return slots_[slot / block].place[slot % block]; }

  /// The slot where node `n` is, or where it would go.
  constexpr std::size_t slot(const Node& n) const {
    const Node* const nodes = nodes_.data();
    const Slots* const slots = slots_.data();
    const std::size_t mask = block * slots_.size() - 1;
    std::size_t s = hash(n) & mask;
    while (true) {
      const int found = slots[s / block].place[s % block];
      if (found == 0 || same(nodes[found - 1], n)) return s;
      s = (s + 1) & mask;
    }
  }

  constexpr int find_or_add(const Node& n) {
    if (2 * nodes_.size() >= block * slots_.size()) {
      make_room(2 * nodes_.size());
      fill_slots();
    }
    int& found = place(slot(n));
    if (found == 0) {
      nodes_.push_back(n);
      wild_.push_back(may_be_wild(n));
      found = size();
    }
    return found - 1;
  }

  constexpr char may_be_wild(const Node& n) const {
    if (n.op < 0) return n.op == Node::constant && !math::isfinite(n.value);
    const char* const wild = wild_.data();
    return wild[n.a] || (n.b >= 0 && wild[n.b]) || (n.c >= 0 && wild[n.c]) || op::info(n.op).singular;
  }

  /// Makes room for this many nodes, and empties the slots.
  constexpr void make_room(std::size_t nodes) {
    nodes_.reserve(nodes);
    wild_.reserve(nodes);
    std::size_t blocks = 1;
    while (block * blocks < 2 * nodes) blocks *= 2;
    slots_.assign(blocks, Slots{});
  }

  constexpr void fill_slots() {
    int i = 0;
    for (const Node& n : nodes_) {
      ++i;
      if (n.op != Node::input) place(slot(n)) = i;
    }
  }

  List<Node> nodes_;
  List<char> wild_;
  RuleSet disabled_;
  bool rehearses_ = false;
  List<Slots> slots_;
  int inputs_ = 0;
};

}  // namespace duet::graph
