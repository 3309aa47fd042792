// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/differentiate.hpp>

/// Gradients that are multiples of one number, as those of quotients are multiples of the reciprocal.
namespace duet::graph {

inline constexpr RuleSet draw_out_factor = rules::named("(u v, u w, ...) -> u (v, w, ...) in gradients");

/// The gradient of one output in two parts. Where all paths from it to the variables lead through one node, all
/// derivatives are multiples of the derivative by that node; so they are if the node's partial derivatives have a
/// factor in common. A sweep from there on meets ones and numbers in place of the factor, and each derivative is
/// multiplied by it at last. A careful human does that wherever it saves operations; it also lets the sweep begin
/// before a division ends.
///
/// Choices are left alone: behind one that is not taken a sensitivity must be zero even where the factor is infinite.
class CommonFactor {
 public:
  constexpr CommonFactor(PartialsOf& partial, const List<int>& variables, int output)
      : partial_(partial), r_(partial.recorder()), depends_(dependents(r_, variables, {output})) {
    const int node = depends_[output] ? neck(output) : none;
    if (node == none) return;
    const int by_node = reverse(partial, {node}, {output}, {r_.constant(1)})[0];
    if (by_node == none) return;
    begin_at(node);
    const Scaled above = parts(r_, by_node);
    scale_ = above.scale;
    if (above.node != none) factor_ = factor_ == none ? above.node : r_.emit<op::Multiply>(above.node, factor_);
    if (factor_ != none && saved() <= added(variables)) factor_ = none;
  }

  /// Whether the factor is worth drawing out.
  constexpr bool pays() const { return factor_ != none; }

  /// The derivatives by `variables`, `none` for zero.
  constexpr List<int> gradient(const List<int>& variables) const {
    const List<int> rest = reverse(partial_, variables, starts_, seeds_, false);
    const int factor = r_.emit<op::Multiply>(r_.constant(scale_), factor_);
    List<int> result;
    for (int node : rest) result.push_back(node == none ? none : r_.emit<op::Multiply>(factor, node));
    return result;
  }

 private:
  /// What the sweep finds at a node: a number, a multiple of the factor, or more than that; and the node where the same
  /// was found first, but for the sign.
  struct Found {
    bool reached = false, number = true;
    double multiple = 0;
    int like = none;
  };

  /// The last node that all paths from `output` lead through; `none` if a choice lies on one of them.
  constexpr int neck(int output) const {
    List<char> reached(depends_.size(), 0);
    reached[output] = 1;
    int open = 1, result = none;
    for (int i = output; i >= 0; --i) {
      if (!reached[i] || r_[i].op < 0) continue;
      if (op::info(r_[i].op).gates) return none;
      if (open == 1) result = i;
      --open;
      for (int k = 0; k < r_[i].arity(); ++k) {
        const int operand = r_[i].operand(k);
        if (!depends_[operand] || reached[operand]) continue;
        reached[operand] = 1;
        ++open;
      }
    }
    return result;
  }

  /// Begins the second sweep at a node, or behind it if its partial derivatives have a factor in common.
  constexpr void begin_at(int node) {
    starts_ = {node}, seeds_ = {r_.constant(1)};
    const Node n = r_[node];
    if (n.arity() != 2 || !depends_[n.a] || !depends_[n.b] || n.a == n.b) return;
    const Scaled a = parts(r_, partial_(node, 0)), b = parts(r_, partial_(node, 1));
    for (const int factor : {a.node, b.node}) {
      const int rest_a = cofactor(a.node, factor), rest_b = cofactor(b.node, factor);
      if (rest_a == none || rest_b == none) continue;
      factor_ = factor;
      starts_ = {n.a, n.b};
      const int first = r_.emit<op::Multiply>(r_.constant(a.scale), rest_a);  // in this order under every compiler
      seeds_ = {first, r_.emit<op::Multiply>(r_.constant(b.scale), rest_b)};
      return;
    }
  }

  /// What a product is without one of its factors, `none` if that is not among them.
  constexpr int cofactor(int product, int factor) const {
    if (product == none || factor == none) return none;
    if (product == factor) return r_.constant(1);
    if (!r_.is<op::Multiply>(product)) return none;
    return r_[product].a == factor ? r_[product].b : r_[product].b == factor ? r_[product].a : none;
  }

  constexpr void meet(int node, const Found& found) {
    Found& sum = found_[node];
    if (!sum.reached) {
      sum = found;
      return;
    }
    sum.number = sum.number && found.number;
    sum.multiple += found.multiple;
    sum.like = node;
  }

  /// How many products with the factor the sweep does without: one for each partial derivative that meets the factor
  /// itself, and one for each other multiple of it, however often that is needed.
  constexpr int saved() {
    found_.assign(depends_.size(), Found{});
    List<char> counted(depends_.size(), 0);
    int count = 0;
    for (std::size_t k = 0; k < starts_.size(); ++k) {
      const bool number = r_.is_constant(seeds_[k]);
      meet(starts_[k], {true, number, number ? r_[seeds_[k]].value : 0, starts_[k]});
      count += !number;
    }
    for (int i = static_cast<int>(found_.size()) - 1; i >= 0; --i) {
      const Found& found = found_[i];
      if (!found.reached) continue;
      const int products = pass_on(i);
      if (is_unit(found.multiple)) {
        count += products;
      } else if (!counted[found.like] && (found.number ? products > 0 : found.multiple != 0)) {
        counted[found.like] = 1;
        ++count;
      }
    }
    return count;
  }

  /// Carries what is found at a node to its operands; returns in how many products a number meets a partial derivative.
  constexpr int pass_on(int node) {
    const Found found = found_[node];
    int products = 0;
    for (int k = 0; k < r_[node].arity(); ++k) {
      const int operand = r_[node].operand(k);
      if (!depends_[operand]) continue;
      const Scaled by = parts(r_, partial_(node, k));
      if (by.node != none) {
        meet(operand, {true, false, 0, operand});
        products += found.number;
      } else if (by.scale != 0) {
        meet(operand, {true, found.number, found.number ? found.multiple * by.scale : 0,
                       is_unit(by.scale) ? found.like : operand});
      }
    }
    return products;
  }

  static constexpr bool is_unit(double x) { return x == 1 || x == -1; }

  /// How many derivatives are to be multiplied by the factor at last.
  constexpr int added(const List<int>& variables) const {
    List<char> counted(found_.size(), 0);
    int count = 0;
    for (int v : variables) {
      const Found& found = found_[v];
      if (!found.reached || found.number || counted[found.like]) continue;
      counted[found.like] = 1;
      ++count;
    }
    return count;
  }

  PartialsOf& partial_;
  Recorder& r_;
  List<char> depends_;
  List<int> starts_, seeds_;  ///< where the second sweep begins
  double scale_ = 1;
  int factor_ = none;
  List<Found> found_;
};

/// The derivatives of one output by `variables`, `none` for zero.
constexpr List<int> gradient(PartialsOf& partial, const List<int>& variables, int output) {
  Recorder& r = partial.recorder();
  if (r.enabled(draw_out_factor)) {
    const CommonFactor factor(partial, variables, output);
    if (factor.pays()) return factor.gradient(variables);
  }
  return reverse(partial, variables, {output}, {r.constant(1)});
}

}  // namespace duet::graph
