// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/rewriting.hpp>

/// From a recorder to a graph: dead code is left out, and the rules that have to know all uses are applied.
namespace duet::graph {

/// What becomes of a recorder's nodes.
class Extraction {
 public:
  constexpr Extraction(Recorder& recorder, const List<int>& outputs)
      : r_(recorder), recorded_(recorder.size()), fates_(static_cast<std::size_t>(recorder.size())) {
    Fate* const fates = fates_.data();
    const Node* const nodes = r_.nodes().data();
    for (int output : outputs) ++fates[output].uses;
    for (int i = recorded_ - 1; i >= 0; --i) {
      const Node& n = nodes[i];
      if (fates[i].uses == 0 || n.op < 0) continue;
      ++fates[n.a].uses;
      if (n.b >= 0) ++fates[n.b].uses;
      if (n.c >= 0) ++fates[n.c].uses;
    }
    if (r_.enabled(move_sign)) move_signs();
  }

  /// First the inputs, then the constants, then the operations in the order of their recording.
  constexpr Graph graph(const List<int>& outputs) {
    g_.inputs = r_.inputs();
    g_.nodes.reserve(fates_.size());
    const Fate* const fates = fates_.data();
    const Node* const nodes = r_.nodes().data();
    const int all = r_.size();
    for (int i = 0; i < recorded_; ++i) {
      if (nodes[i].op == Node::input) put(i, nodes[i]);
    }
    for (int i = 0; i < all; ++i) {
      if (nodes[i].op == Node::constant && fates[i].uses > 0) put(i, nodes[i]);
    }
    for (int i = 0; i < recorded_; ++i) {
      if (nodes[i].op >= 0 && fates[i].uses > 0 && fates[i].place < 0) put_operation(i);
    }
    for (int output : outputs) g_.outputs.push_back(fates[output].place);
    return g_;
  }

 private:
  /// How often a node is used, its place in the graph, and, if it is -(c u), the node of -c.
  struct Fate {
    int uses = 0;
    int place = -1;
    int scale = -1;
  };

  static constexpr RuleSet move_sign = rules::named("-(c u) -> (-c) u where c u is used once");
  static constexpr RuleSet share_reciprocals = rules::named("u / v -> u (1 / v) where 1 / v is needed too");

  /// -(c u) takes the sign into the constant if c u is used for nothing else: an operation less.
  constexpr void move_signs() {
    for (int i = 0; i < recorded_; ++i) {
      const Node& n = r_.nodes().data()[i];
      if (n.op != op::code<op::Negate> || fates_[i].uses == 0) continue;
      const int product = n.a;
      if (fates_[product].uses != 1 || !rules::is_scaled(r_, product)) continue;
      const int scale = r_[product].a;
      fates_[product].uses = 0;
      --fates_[scale].uses;
      const int negated = r_.constant(-r_[scale].value);
      fates_.resize(static_cast<std::size_t>(r_.size()));
      ++fates_[negated].uses;
      fates_[i].scale = negated;
    }
  }

  constexpr void put(int i, const Node& n) {
    fates_[i].place = static_cast<int>(g_.nodes.size());
    g_.nodes.push_back(n);
  }

  constexpr void put_operation(int i) {
    const Fate* const fates = fates_.data();
    const Node& n = r_[i];
    if (fates[i].scale >= 0) {
      put_product(i, fates[i].scale, r_[n.a].b);
      return;
    }
    const int reciprocal = n.op == op::code<op::Divide> ? reciprocal_for(n) : -1;
    if (reciprocal >= 0) {
      // a quotient comes before what derivatives make of it, so the reciprocal is moved up to here
      if (fates[reciprocal].place < 0) put_operation(reciprocal);
      put_product(i, n.a, reciprocal);
    } else {
      const int b = n.b < 0 ? -1 : fates[n.b].place, c = n.c < 0 ? -1 : fates[n.c].place;
      put(i, Node{n.op, fates[n.a].place, b, c, 0.0});
    }
  }

  /// Node `i` is a product after all, which may be there already.
  constexpr void put_product(int i, int a, int b) {
    const int product = r_.known(op::code<op::Multiply>, a, b);
    if (product >= 0 && product < recorded_ && fates_[product].uses > 0) {
      if (fates_[product].place < 0) put_operation(product);
      fates_[i].place = fates_[product].place;
    } else {
      put(i, Node{op::code<op::Multiply>, fates_[a].place, fates_[b].place, -1, 0.0});
    }
  }

  /// The node of 1 / v if that is needed besides `n`, which is u / v: a product is much cheaper than a second division.
  constexpr int reciprocal_for(const Node& n) {
    if (!r_.enabled(share_reciprocals) || r_.is_constant(n.a, 1)) return -1;
    const int one = r_.known(Node{Node::constant, -1, -1, -1, 1.0});
    const int reciprocal = one < 0 ? -1 : r_.known(op::code<op::Divide>, one, n.b);
    return reciprocal >= 0 && reciprocal < recorded_ && fates_[reciprocal].uses > 0 ? reciprocal : -1;
  }

  Recorder& r_;
  int recorded_;
  List<Fate> fates_;
  Graph g_{};
};

/// The graph of `outputs`; a negative output stands for zero.
constexpr Graph extract(Recorder& r, const List<int>& outputs) {
  List<int> wanted;
  for (int output : outputs) wanted.push_back(output < 0 ? r.constant(0) : output);
  return Extraction(r, wanted).graph(wanted);
}

}  // namespace duet::graph
