// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/extract.hpp>
#include <duet/graph/partials.hpp>

/// Graphs as systems of differential equations: what it takes to compute Taylor coefficients order by order.
///
/// Along a path x(t) a node y = op(x) obeys y' = partial(x, y) x', so coefficient k of y needs those of the partial
/// derivative below k only (Griewank and Walther, Evaluating Derivatives, 2nd ed., 13.2; Moore, Interval Analysis,
/// 1966). The partial derivative is a node of the graph again. With nodes recorded once, sin and cos refer to each
/// other and exp to itself, so that a graph closes after a few nodes; where derivatives never end (lgamma, pow), each
/// one is needed to an order less than that before.
namespace duet::graph {

/// Rows with a recurrence of their own in the ring of series; all others follow from their partial derivatives.
constexpr bool in_ring(op::Code op) {
  return op == op::code<op::Add> || op == op::code<op::Subtract> || op == op::code<op::Multiply> ||
         op == op::code<op::Divide> || op == op::code<op::Negate> || op == op::code<op::Square> ||
         op == op::code<op::Fma> || op == op::code<op::Where>;
}

/// Which orders of which nodes are needed for some outputs up to order `order`, and which nodes move along the path
/// at all. `node(i)` gives a node, `partial(i, k)` the node of its partial derivative with respect to operand k; they
/// may be made when they are asked for.
template <class NodeAt, class PartialAt>
class Orders {
 public:
  constexpr Orders(const NodeAt& node, const PartialAt& partial, const List<char>& moving_inputs)
      : node_(node), partial_(partial), moving_inputs_(moving_inputs) {}

  /// Nodes up to this one are known; operands come before their users.
  constexpr void grow_to(int size) {
    for (int i = static_cast<int>(moves_.size()); i < size; ++i) {
      moves_.push_back(moves_by_nature(node_(i)));
      needed_.push_back(-1);
    }
  }

  constexpr void require(int i, int order) {
    raise(i, order);
    while (!raised_.empty()) {
      const int next = raised_[raised_.size() - 1];
      raised_.resize(raised_.size() - 1);
      require_operands(next);
    }
  }

  constexpr bool moves(int i) const { return moves_[i]; }
  /// -1 for a node that is not needed.
  constexpr int needed(int i) const { return needed_[i]; }
  /// Whether coefficients of node `i` come from its partial derivatives.
  constexpr bool by_partials(int i) const {
    return moves_[i] && needed_[i] > 0 && node_(i).op >= 0 && !in_ring(node_(i).op);
  }

 private:
  constexpr char moves_by_nature(const Node& n) const {
    if (n.op == Node::input) return moving_inputs_[n.a];
    if (n.op < 0 || op::info(n.op).kind != op::Kind::smooth) return 0;
    return moves_[n.a] || (n.b >= 0 && moves_[n.b]) || (n.c >= 0 && moves_[n.c]);
  }

  constexpr void raise(int i, int order) {
    const int reached = moves_[i] ? order : 0;
    if (reached <= needed_[i]) return;
    needed_[i] = reached;
    raised_.push_back(i);
  }

  constexpr void require_operands(int i) {
    const Node n = node_(i);
    const int order = needed_[i];
    for (int k = 0; k < n.arity(); ++k) raise(n.operand(k), order);
    if (!by_partials(i)) return;
    for (int k = 0; k < n.arity(); ++k) {
      if (moves_[n.operand(k)]) {
        const int p = partial_(i, k, *this);
        raise(p, order - 1);
      }
    }
  }

  const NodeAt& node_;
  const PartialAt& partial_;
  const List<char>& moving_inputs_;
  List<char> moves_;
  List<int> needed_, raised_;
};

/// The graph of the outputs of `g` followed by what their coefficients up to `order` are made from: for each node that
/// needs it, the node itself and its partial derivatives with respect to its three operands.
template <class AnyGraph>
constexpr Graph with_partials(const AnyGraph& g, const List<char>& moving_inputs, int order, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  List<int> partials(3 * static_cast<std::size_t>(r.size()), -1);
  const auto node = [&](int i) { return r[i]; };
  const auto partial = [&](int i, int k, auto& orders) {
    if (partials[3 * i + k] < 0) {
      const Node n = r[i];
      const int p = Partials<op::Table>::rows[n.op][k](r, n, i);
      while (static_cast<int>(partials.size()) < 3 * r.size()) partials.push_back(-1);
      orders.grow_to(r.size());
      partials[3 * i + k] = p;
    }
    return partials[3 * i + k];
  };
  Orders orders(node, partial, moving_inputs);
  orders.grow_to(r.size());
  List<int> outputs;
  for (int output : g.outputs) {
    orders.require(output, order);
    outputs.push_back(output);
  }
  const int size = r.size();
  for (int i = 0; i < size; ++i) {
    if (!orders.by_partials(i)) continue;
    outputs.push_back(i);
    for (int k = 0; k < 3; ++k) outputs.push_back(partials[3 * i + k]);
  }
  return extract(r, outputs);
}

/// A graph with what is needed to run it order by order, as a constant.
template <int Nodes>
struct Schedule {
  int order[Nodes > 0 ? Nodes : 1]{};  ///< up to which coefficient a node is needed, -1 for not at all
  bool moves[Nodes > 0 ? Nodes : 1]{};
  int partial[Nodes > 0 ? Nodes : 1][3]{};
};

/// The schedule of a graph made by `with_partials` of one that has `outputs` outputs.
template <int Nodes, int Outputs>
constexpr Schedule<Nodes> schedule(const StaticGraph<Nodes, Outputs>& g, int outputs, const List<char>& moving_inputs,
                                   int order) {
  Schedule<Nodes> result;
  for (int k = outputs; k < Outputs; k += 4) {
    for (int p = 0; p < 3; ++p) result.partial[g.outputs[k]][p] = g.outputs[k + 1 + p];
  }
  const auto node = [&](int i) { return g[i]; };
  const auto partial = [&](int i, int k, auto&) { return result.partial[i][k]; };
  Orders orders(node, partial, moving_inputs);
  orders.grow_to(Nodes);
  for (int k = 0; k < outputs; ++k) orders.require(g.outputs[k], order);
  for (int i = 0; i < Nodes; ++i) {
    result.order[i] = orders.needed(i);
    result.moves[i] = orders.moves(i);
  }
  return result;
}

/// What `Maker` makes, closed under differentiation up to order `K`, as a constant. `Maker::moves(input)` tells which
/// inputs move along the path.
template <class Maker, int K>
struct System {
  using Primal = Frozen<Maker>;

  static constexpr List<char> moving_inputs() {
    List<char> moving;
    for (int i = 0; i < Primal::extent.inputs; ++i) moving.push_back(Maker::moves(i));
    return moving;
  }
  struct Closed {
    static constexpr Graph make() { return with_partials(Primal::graph, moving_inputs(), K); }
  };

  static constexpr int order = K;
  static constexpr int outputs = Primal::extent.outputs;
  static constexpr const auto& graph = Frozen<Closed>::graph;
  static constexpr int nodes = Frozen<Closed>::extent.nodes;
  static constexpr Schedule<nodes> plan = graph::schedule(graph, outputs, moving_inputs(), K);
};

}  // namespace duet::graph
