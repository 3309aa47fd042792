// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/graph/partials.hpp>

/// Differentiation as a transformation of graphs: the nodes of the derivative are appended to those of the function, so
/// that they share all they can.
namespace duet::graph {

inline constexpr int none = -1;

/// A cotangent (or tangent) under way. `node` is its value, `none` for a zero that needs no node. Where it came through
/// a choice, `gate` is the condition under which it counts; it is applied only if the value may have met something
/// infinite since (`exposed`), so an untaken branch costs nothing and spoils nothing.
///
/// `seeded`: it is a multiple of a seed that is only known at run time, and might be zero.
struct Sensitivity {
  int node = none, gate = none;
  bool exposed = false;
  bool seeded = false;
};

/// Applies the gate of a sensitivity if it needs one.
constexpr int settled(Recorder& r, const Sensitivity& s) {
  if (s.node == none || s.gate == none || !s.exposed) return s.node;
  return r.emit<op::Where>(s.gate, s.node, r.constant(0));
}

constexpr void add(Recorder& r, Sensitivity& sum, const Sensitivity& term) {
  if (term.node == none) return;
  if (sum.node == none) {
    sum = term;
    return;
  }
  const int node = r.emit<op::Add>(settled(r, sum), settled(r, term));
  const int gate = sum.gate == none || term.gate == none ? none : r.emit<op::Or>(sum.gate, term.gate);
  sum = Sensitivity{node, gate, false, sum.seeded || term.seeded};
}

/// A sensitivity times a partial derivative. A power of two in the partial meets that of the sensitivity: the halves of
/// square roots cancel the twos of squares, else the scale stays outermost, where sums can share it. (A sensitivity
/// without a scale is multiplied last: what the partial is made of is ready long before.)
constexpr int scaled(Recorder& r, int sensitivity, int partial) {
  if (r.is<op::Negate>(sensitivity)) return r.emit<op::Negate>(scaled(r, r[sensitivity].a, partial));
  if (!rules::is_scaled(r, partial) || !rules::is_scaled(r, sensitivity) ||
      !rules::is_exact_scale(r[r[partial].a].value)) {
    return r.emit<op::Multiply>(sensitivity, partial);
  }
  const int scale = r[partial].a, factor = r[partial].b;
  if (r[r[sensitivity].a].value * r[scale].value == 1) return r.emit<op::Multiply>(r[sensitivity].b, factor);
  return r.emit<op::Multiply>(scale, r.emit<op::Multiply>(sensitivity, factor));
}

/// The product of a sensitivity and an infinite partial: zero if the sensitivity is. The product itself is kept
/// wherever it is a number, also for a sensitivity of zero, so that its derivative by the sensitivity stays right.
constexpr int zero_kept(Recorder& r, int sensitivity, int product) {
  const int zero = r.constant(0);
  const int kept = r.emit<op::Or>(r.emit<op::NotEqual>(sensitivity, zero), r.emit<op::Equal>(product, product));
  return r.emit<op::Where>(kept, product, zero);
}

/// The sensitivity `s` carried over an edge of row `row` with partial derivative `partial`.
constexpr Sensitivity carried(Recorder& r, const Sensitivity& s, const op::Info& row, int partial) {
  if (s.node == none || r.is_constant(partial, 0)) return {};
  int gate = s.gate;
  if (row.gates) {
    int open = none;
    if (r.is<op::Where>(partial) && r.is_constant(r[partial].c, 0)) {
      open = r[partial].a;
    } else if (r.is<op::Where>(partial) && r.is_constant(r[partial].b, 0)) {
      open = r.emit<op::Not>(r[partial].a);
    } else if (!r.is_constant(partial)) {
      open = r.emit<op::NotEqual>(partial, r.constant(0));
    }
    if (open != none) gate = gate == none ? open : r.emit<op::And>(gate, open);
  }
  int node = scaled(r, s.node, partial);
  if (r.is_constant(node, 0)) return {};
  const bool wild = r.is_wild(partial) && !r.is_constant(partial);
  if (s.seeded && wild) node = zero_kept(r, s.node, node);
  return Sensitivity{node, gate, gate != none && (s.exposed || wild), s.seeded};
}

/// Marks the nodes up to the last output that depend on one of `variables`.
constexpr List<char> dependents(const Recorder& r, const List<int>& variables, const List<int>& outputs) {
  int last = none;
  for (int node : outputs) last = node > last ? node : last;
  for (int node : variables) last = node > last ? node : last;
  List<char> depends(static_cast<std::size_t>(last + 1), 0);
  for (int v : variables) depends[v] = 1;
  for (int i = 0; i <= last; ++i) {
    const Node& n = r[i];
    if (n.op < 0) continue;
    const bool any = depends[n.a] || (n.b >= 0 && depends[n.b]) || (n.c >= 0 && depends[n.c]);
    if (any && op::info(n.op).kind == op::Kind::smooth) depends[i] = 1;
  }
  return depends;
}

/// Reverse mode: the derivatives with respect to `variables` of sum_k seeds[k] * outputs[k], as nodes (`none` for
/// zero). One sweep down the nodes; cost: at most a small multiple of the nodes that lie between variables and outputs.
constexpr List<int> reverse(PartialsOf& partial, const List<int>& variables, const List<int>& outputs,
                            const List<int>& seeds) {
  Recorder& r = partial.recorder();
  const List<char> depends = dependents(r, variables, outputs);
  List<Sensitivity> adjoint(depends.size());
  int last = none;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!depends[outputs[k]] || seeds[k] == none) continue;
    add(r, adjoint[outputs[k]], Sensitivity{seeds[k], none, false, !r.is_constant(seeds[k])});
    last = outputs[k] > last ? outputs[k] : last;
  }
  for (int i = last; i >= 0; --i) {
    const Sensitivity s = adjoint[i];
    const Node n = r[i];
    if (s.node == none || n.op < 0) continue;
    const op::Info& row = op::info(n.op);
    for (int k = 0; k < row.arity; ++k) {
      const int operand = n.operand(k);
      if (depends[operand]) add(r, adjoint[operand], carried(r, s, row, partial(i, k)));
    }
  }
  List<int> result;
  for (int v : variables) result.push_back(settled(r, adjoint[v]));
  return result;
}

/// Forward mode: the tangents of `outputs` when `variables` move with `tangents`, as nodes (`none` for zero).
constexpr List<int> forward(PartialsOf& partial, const List<int>& variables, const List<int>& tangents,
                            const List<int>& outputs) {
  Recorder& r = partial.recorder();
  const List<char> depends = dependents(r, variables, outputs);
  List<Sensitivity> tangent(depends.size());
  int last = none;
  for (int output : outputs) last = output > last ? output : last;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    tangent[variables[k]] = Sensitivity{tangents[k], none, false, !r.is_constant(tangents[k])};
  }
  for (int i = 0; i <= last; ++i) {
    const Node n = r[i];
    if (n.op < 0 || !depends[i]) continue;
    const op::Info& row = op::info(n.op);
    for (int k = 0; k < row.arity; ++k) {
      const int operand = n.operand(k);
      if (!depends[operand] || tangent[operand].node == none) continue;
      // A tangent meets its gate at the choice itself, so what it met before then is what matters here.
      Sensitivity t = tangent[operand];
      if (row.gates && t.exposed) t.gate = none;
      add(r, tangent[i], carried(r, t, row, partial(i, k)));
    }
    Sensitivity& t = tangent[i];
    if (t.node != none) t = Sensitivity{settled(r, t), none, t.exposed || r.is_wild(i), t.seeded};
  }
  List<int> result;
  for (int output : outputs) result.push_back(tangent[output].node);
  return result;
}

}  // namespace duet::graph
