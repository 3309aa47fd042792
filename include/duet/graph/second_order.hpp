// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pass.hpp>

/// Second derivatives of graphs.
namespace duet::graph {

/// The gradient and the Hessian of the one output of a graph, by elimination of vertices from a symmetric graph.
///
/// The Hessian is J' C J, where J are the derivatives of all results by the variables and C is what each operation
/// curves, its second partial derivatives times the output's derivative by its result. So there are two kinds of links:
/// edges, from a result to its operands, and curves, between two operands of one operation. A result is eliminated by
/// putting its operands in its place in all of its links; when only variables are left, the curves are the Hessian.
/// In the reverse order this is edge pushing (Gower and Mello, A new framework for the computation of Hessians, 2012).
/// Here, as for Jacobians, the result whose elimination takes fewest products comes next (symmetric Markowitz degree;
/// Bhowmick and Hovland, A polynomial-time algorithm for detecting directed axial symmetry in Hessian computational
/// graphs, 2008, show the graph).
class SymmetricElimination {
 public:
  constexpr SymmetricElimination(Recorder& r, int variables, int output)
      : r_(r), depends_(dependents(r, first_inputs(variables), {output})), vertices_(depends_.size()) {
    connect(output);
    for (int v = next(); v >= 0; v = next()) eliminate(v);
  }

  /// The node of a first or second derivative, `none` for zero.
  constexpr int gradient(int v) { return v < size() ? settled(r_, vertices_[v].adjoint) : none; }
  constexpr int hessian(int v, int w) {
    if (v >= size() || w >= size()) return none;
    const int c = find(curves_, v > w ? v : w, v > w ? w : v);
    return c == none ? none : settled(r_, curves_[c].value);
  }

 private:
  /// An edge from result `a` to operand `b`, or a curve between `a` and an earlier result or the same, `b`.
  struct Link {
    int a, b;
    Sensitivity value;
    int next_a, next_b;  ///< the next link with this `a`, and with this `b`
    bool gone;
  };
  struct Links {
    List<Link> all;
    List<int> first_a, first_b;
    List<int> count_a, count_b;
    constexpr Link& operator[](int l) { return all[l]; }
  };
  struct Vertex {
    bool interior = false;
    Sensitivity adjoint{};
  };

  constexpr int size() const { return static_cast<int>(vertices_.size()); }

  constexpr void prepare(Links& links) {
    links.first_a.assign(vertices_.size(), none);
    links.first_b.assign(vertices_.size(), none);
    links.count_a.assign(vertices_.size(), 0);
    links.count_b.assign(vertices_.size(), 0);
  }
  static constexpr int find(const Links& links, int a, int b) {
    int l = links.first_a[a];
    while (l != none && (links.all[l].gone || links.all[l].b != b)) l = links.all[l].next_a;
    return l;
  }
  constexpr void join(Links& links, int a, int b, const Sensitivity& value) {
    if (value.node == none) return;
    const int known = find(links, a, b);
    if (known != none) {
      Sensitivity sum = links[known].value;
      add(r_, sum, value);
      links[known].value = sum;
      return;
    }
    const int l = static_cast<int>(links.all.size());
    links.all.push_back(Link{a, b, value, links.first_a[a], links.first_b[b], false});
    links.first_a[a] = links.first_b[b] = l;
    ++links.count_a[a], ++links.count_b[b];
  }
  constexpr void join_curve(int a, int b, const Sensitivity& value) {
    a > b ? join(curves_, a, b, value) : join(curves_, b, a, value);
  }
  static constexpr void drop(Links& links, int l) {
    links[l].gone = true;
    --links.count_a[links[l].a], --links.count_b[links[l].b];
  }

  static constexpr Sensitivity times(double factor, const Sensitivity& s) {
    Sensitivity result = s;
    result.scale = factor * s.scale;
    return result;
  }

  /// Derivatives by all results, and the links that there are at first.
  constexpr void connect(int output) {
    prepare(edges_), prepare(curves_);
    if (output >= size() || !depends_[output]) return;
    PartialsOf partial(r_);
    const Sensitivity one{r_.constant(1)};
    vertices_[output].adjoint = one;
    for (int i = output; i >= 0; --i) {
      const Node n = r_[i];
      if (!depends_[i] || n.op < 0 || !is_linked(i)) continue;
      vertices_[i].interior = true;
      interior_.push_back(i);
      const op::Info& row = op::info(n.op);
      const Sensitivity adjoint = vertices_[i].adjoint.node == none ? Sensitivity{} : spread(r_, vertices_[i].adjoint);
      for (int k = 0; k < row.arity; ++k) {
        const int operand = n.operand(k);
        if (!depends_[operand]) continue;
        const int by = partial(i, k);
        join(edges_, i, operand, carried(r_, one, row, by));
        Sensitivity sum = vertices_[operand].adjoint;
        add(r_, sum, carried(r_, adjoint, row, by));
        vertices_[operand].adjoint = sum;
      }
      curve(n, row, adjoint);
    }
  }

  /// Whether derivatives pass a result: its own, or, for one that is attached, those of what it is attached to.
  constexpr bool is_linked(int i) const {
    return vertices_[i].adjoint.node != none || edges_.count_b[i] + curves_.count_a[i] + curves_.count_b[i] > 0;
  }

  /// The curves of one operation.
  constexpr void curve(const Node& n, const op::Info& row, const Sensitivity& adjoint) {
    if (adjoint.node == none || n.op == op::code<op::Add> || n.op == op::code<op::Subtract> ||
        n.op == op::code<op::Negate> || n.op == op::code<op::Where>) {
      return;
    }
    const auto both = [&](int a, int b, const Sensitivity& s) {
      if (depends_[a] && depends_[b]) join_curve(a, b, s);
    };
    if (n.op == op::code<op::Attach>) {
      // its derivative by x is d, so the second one is that of d by x: a half, since it counts in both orders
      both(n.b, n.c, times(n.b == n.c ? 1 : 0.5, adjoint));
      return;
    }
    for (int k = 0; k < row.arity; ++k) {
      for (int l = k; l < row.arity; ++l) {
        if (!depends_[n.operand(k)] || !depends_[n.operand(l)]) continue;
        const Sensitivity curved = carried(r_, adjoint, row, second_partial(n, k, l));
        both(n.operand(k), n.operand(l), l != k && n.operand(k) == n.operand(l) ? times(2, curved) : curved);
      }
    }
  }

  /// The second partial derivative of a node's row.
  constexpr int second_partial(const Node& n, int k, int l) {
    if (n.op == op::code<op::Multiply>) return r_.constant(k == l ? 0 : 1);
    if (n.op == op::code<op::Square>) return r_.constant(2);
    List<int> operands;
    for (int p = 0; p < n.arity(); ++p) operands.push_back(n.operand(p));
    return splice(r_, curvature(n.op, k, l), operands)[0];
  }

  /// The graph of a second partial derivative of a row, worked out once, on operands of its own, as those of a node may
  /// depend on one another.
  struct Curvature {
    op::Code op = 0;
    int k = 0, l = 0;
    Graph graph;
  };
  constexpr const Graph& curvature(op::Code op, int k, int l) {
    for (const Curvature& c : curvatures_) {
      if (c.op == op && c.k == k && c.l == l) return c.graph;
    }
    Recorder apart;
    const int arity = op::info(op).arity;
    const List<int> x = graph::inputs(apart, arity);
    const int y = apart.emit(op, x[0], arity > 1 ? x[1] : none, arity > 2 ? x[2] : none);
    const int first = PartialsOf(apart)(y, k);
    PartialsOf partial(apart);
    const List<int> second = reverse(partial, {x[l]}, {first}, {apart.constant(1)});
    curvatures_.push_back({op, k, l, extract(apart, second)});
    return curvatures_.back().graph;
  }

  /// About what it takes to eliminate a vertex: a product for each pair of an operand and another link. A sum of
  /// variables stays to the end: it costs no products there, and until then it is one variable in the place of several.
  constexpr int rank(int v) const {
    const int operands = edges_.count_a[v];
    const int degree = operands * (edges_.count_b[v] + curves_.count_a[v] + curves_.count_b[v]);
    return operands > 1 && sums_variables(v) ? degree + at_the_end : degree;
  }
  static constexpr int at_the_end = 1 << 24;

  constexpr bool sums_variables(int v) const {
    for (int e = edges_.first_a[v]; e != none; e = edges_.all[e].next_a) {
      const Link& edge = edges_.all[e];
      if (edge.gone) continue;
      const double scale = edge.value.scale;
      if (vertices_[edge.b].interior || !r_.is_constant(edge.value.node, 1) || (scale != 1 && scale != -1))
        return false;
    }
    return true;
  }

  /// The interior vertex of lowest rank, the last of them if there are several; -1 if none is left.
  constexpr int next() {
    int best = -1, lowest = 0;
    std::size_t left = 0;
    for (const int v : interior_) {
      if (!vertices_[v].interior) continue;
      interior_[left++] = v;
      const int here = rank(v);
      if (best < 0 || here < lowest) best = v, lowest = here;
    }
    interior_.resize(left);
    return best;
  }

  constexpr void eliminate(int v) {
    List<int> operands;
    for (int e = edges_.first_a[v]; e != none; e = edges_[e].next_a) {
      if (!edges_[e].gone) operands.push_back(e);
    }
    const bool alone = edges_.count_b[v] + curves_.count_a[v] + curves_.count_b[v] < 2;
    for (int o : operands) {
      if (!alone) edges_[o].value = spread(r_, edges_[o].value);
    }
    for (int e = edges_.first_b[v]; e != none; e = edges_[e].next_b) {
      if (edges_[e].gone) continue;
      const int user = edges_[e].a;
      const Sensitivity value = operands.size() > 1 ? spread(r_, edges_[e].value) : edges_[e].value;
      for (int o : operands) join(edges_, user, edges_[o].b, chained(r_, value, edges_[o].value));
      drop(edges_, e);
    }
    bend(v, operands);
    for (int o : operands) drop(edges_, o);
    vertices_[v].interior = false;
  }

  /// Puts the operands in the place of `v` in its curves. With the curve `own` of `v` itself, `mixed` between `v` and
  /// an operand, and the derivatives `e` of `v` by these, the curve between operands k and l becomes own e[k] e[l] +
  /// mixed[k] e[l] + mixed[l] e[k], whose first and last terms share (own e[l] + mixed[l]) e[k].
  constexpr void bend(int v, const List<int>& operands) {
    Sensitivity own;
    List<Sensitivity> mixed(operands.size());
    const auto take = [&](int c, int other) {
      if (curves_[c].gone) return;
      const Sensitivity value = operands.size() > 1 ? spread(r_, curves_[c].value) : curves_[c].value;
      drop(curves_, c);
      if (other == v) {
        own = value;
        return;
      }
      for (std::size_t k = 0; k < operands.size(); ++k) {
        if (edges_[operands[k]].b == other) {
          mixed[k] = value;
          return;
        }
      }
      for (int o : operands) join_curve(edges_[o].b, other, chained(r_, value, edges_[o].value));
    };
    for (int c = curves_.first_a[v]; c != none; c = curves_[c].next_a) take(c, curves_[c].b);
    for (int c = curves_.first_b[v]; c != none; c = curves_[c].next_b) take(c, curves_[c].a);
    List<Sensitivity> shared = mixed;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      Sensitivity sum = own.node == none ? own : chained(r_, own, edges_[operands[k]].value);
      add(r_, sum, mixed[k]);
      shared[k] = operands.size() > 1 ? spread_if_any(sum) : sum;
    }
    for (std::size_t k = 0; k < operands.size(); ++k) {
      Sensitivity twice = shared[k];
      add(r_, twice, mixed[k]);
      join_product(operands[k], operands[k], twice);
      for (std::size_t l = k + 1; l < operands.size(); ++l) {
        const bool swap = mixed[l].node == none;
        join_product(operands[swap ? l : k], operands[swap ? k : l], shared[swap ? k : l]);
        join_product(operands[swap ? k : l], operands[swap ? l : k], mixed[swap ? l : k]);
      }
    }
  }

  constexpr Sensitivity spread_if_any(const Sensitivity& s) { return s.node == none ? s : spread(r_, s); }

  /// Adds `value`, times the derivative along edge `e`, to the curve between the operands of edges `e` and `f`.
  constexpr void join_product(int e, int f, const Sensitivity& value) {
    if (value.node != none) join_curve(edges_[e].b, edges_[f].b, chained(r_, value, edges_[e].value));
  }

  Recorder& r_;
  List<char> depends_;
  List<Vertex> vertices_;
  List<int> interior_;  ///< from the last to the first; some may be eliminated already
  Links edges_, curves_;
  std::vector<Curvature> curvatures_;  // graphs are no plain values
};

/// The graph of the value, the Hessian row by row and the gradient of a graph with one output, with respect to the
/// first `variables` inputs.
template <class AnyGraph>
constexpr Graph with_hessian(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  SymmetricElimination second(r, variables, g.outputs[0]);
  List<int> outputs{g.outputs[0]};
  for (int i = 0; i < variables; ++i) {
    for (int j = 0; j < variables; ++j) {
      outputs.push_back(j <= i ? second.hessian(i, j) : none);
    }
  }
  for (int i = 0; i < variables; ++i) {
    for (int j = 0; j < i; ++j) outputs[1 + j * variables + i] = outputs[1 + i * variables + j];
  }
  for (int i = 0; i < variables; ++i) outputs.push_back(second.gradient(i));
  return extract(r, outputs);
}

/// The graph of the diagonal of the Hessian: nothing but what these elements need.
template <class AnyGraph>
constexpr Graph with_hessian_diagonal(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  SymmetricElimination second(r, variables, g.outputs[0]);
  List<int> diagonal;
  for (int i = 0; i < variables; ++i) diagonal.push_back(second.hessian(i, i));
  return extract(r, diagonal);
}

/// The graph of J' J t: the tangents of the outputs along t are pulled back. `t` is appended to the inputs.
template <class AnyGraph>
constexpr Graph with_gauss_newton_product(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  const List<int> t = inputs(r, variables);
  PartialsOf partial(r);
  const List<int> v = first_inputs(variables), y = outputs_of(g);
  const List<int> pushed = forward(partial, v, t, y);
  return extract(r, reverse(partial, v, y, pushed));
}

}  // namespace duet::graph
