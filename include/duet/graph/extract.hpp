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
    for (int output : outputs) ++fate(output).uses;
    for (int i = recorded_ - 1; i >= 0; --i) {
      if (fate(i).uses == 0) continue;
      const Node n = r_[i];
      for (int k = 0; k < n.arity(); ++k) ++fate(n.operand(k)).uses;
    }
    if (r_.enabled(rules::named("-(c u) -> (-c) u where c u is used once"))) move_signs();
    share_reciprocals_ = r_.enabled(rules::named("u / v -> u (1 / v) where 1 / v is needed too"));
  }

  /// First the inputs, then the constants, then the operations in the order of their recording.
  constexpr Graph graph(const List<int>& outputs) {
    g_.inputs = r_.inputs();
    g_.nodes.reserve(fates_.size());
    for (int i = 0; i < recorded_; ++i) {
      if (r_[i].op == Node::input) put(i, r_[i]);
    }
    for (int i = 0; i < r_.size(); ++i) {
      if (r_[i].op == Node::constant && fate(i).uses > 0) put(i, r_[i]);
    }
    for (int i = 0; i < recorded_; ++i) {
      if (r_[i].op >= 0 && fate(i).uses > 0 && fate(i).place < 0) put_operation(i);
    }
    for (int output : outputs) g_.outputs.push_back(fate(output).place);
    return g_;
  }

 private:
  /// How often a node is used, its place in the graph, and, if it is -(c u), the node of -c.
  struct Fate {
    int uses = 0;
    int place = -1;
    int scale = -1;
  };

  constexpr Fate& fate(int i) { return fates_[i]; }
  constexpr int place(int i) { return i < 0 ? -1 : fate(i).place; }

  /// -(c u) takes the sign into the constant if c u is used for nothing else: an operation less.
  constexpr void move_signs() {
    for (int i = 0; i < recorded_; ++i) {
      const int product = r_[i].a;
      if (fate(i).uses == 0 || !r_.is<op::Negate>(i) || fate(product).uses != 1 || !rules::is_scaled(r_, product)) {
        continue;
      }
      const int scale = r_[product].a;
      fate(product).uses = 0;
      --fate(scale).uses;
      const int negated = r_.constant(-r_[scale].value);
      fates_.resize(static_cast<std::size_t>(r_.size()));
      ++fate(negated).uses;
      fate(i).scale = negated;
    }
  }

  constexpr void put(int i, const Node& n) {
    fate(i).place = static_cast<int>(g_.nodes.size());
    g_.nodes.push_back(n);
  }

  constexpr void put_operation(int i) {
    const Node n = r_[i];
    if (fate(i).scale >= 0) {
      put_product(i, fate(i).scale, r_[n.a].b);
      return;
    }
    const int reciprocal = reciprocal_for(n);
    if (reciprocal >= 0) {
      // a quotient comes before what derivatives make of it, so the reciprocal is moved up to here
      if (place(reciprocal) < 0) put_operation(reciprocal);
      put_product(i, n.a, reciprocal);
    } else {
      put(i, Node{n.op, place(n.a), place(n.b), place(n.c), 0.0});
    }
  }

  /// Node `i` is a product after all, which may be there already.
  constexpr void put_product(int i, int a, int b) {
    const int product = r_.known(op::code<op::Multiply>, a, b);
    if (product >= 0 && product < recorded_ && fate(product).uses > 0) {
      if (place(product) < 0) put_operation(product);
      fate(i).place = place(product);
    } else {
      put(i, Node{op::code<op::Multiply>, place(a), place(b), -1, 0.0});
    }
  }

  /// The node of 1 / v if `n` is u / v and both are needed: a product is much cheaper than a second division.
  constexpr int reciprocal_for(const Node& n) {
    if (!share_reciprocals_ || n.op != op::code<op::Divide> || r_.is_constant(n.a, 1)) return -1;
    const int one = r_.known(Node{Node::constant, -1, -1, -1, 1.0});
    const int reciprocal = one < 0 ? -1 : r_.known(op::code<op::Divide>, one, n.b);
    return reciprocal >= 0 && reciprocal < recorded_ && fate(reciprocal).uses > 0 ? reciprocal : -1;
  }

  Recorder& r_;
  int recorded_;
  List<Fate> fates_;
  bool share_reciprocals_ = false;
  Graph g_{};
};

/// The graph of `outputs`; a negative output stands for zero.
constexpr Graph extract(Recorder& r, const List<int>& outputs) {
  List<int> wanted;
  for (int output : outputs) wanted.push_back(output < 0 ? r.constant(0) : output);
  return Extraction(r, wanted).graph(wanted);
}

}  // namespace duet::graph
