// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>
#include <vector>

#include <duet/graph/partials.hpp>

/// Differentiation as a transformation of graphs: the nodes of the derivative are appended to those of the function, so
/// that they share all they can.
namespace duet::graph {

inline constexpr int none = -1;

/// A cotangent (or tangent) under way. `node` is its value, `none` for a zero that needs no node. Where it came through a
/// choice, `gate` is the condition under which it counts; it is applied only if the value may have met something infinite
/// since (`exposed`), so an untaken branch costs nothing and spoils nothing.
struct Sensitivity {
  int node = none, gate = none;
  bool exposed = false;
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
  sum = Sensitivity{node, gate, false};
}

/// A sensitivity times a partial derivative. A power of two in the partial goes to the sensitivity, which often has other
/// products to make (all squares of a norm share it); if that has a scale already, they merge or stay outermost, where the
/// halves of square roots cancel the twos of squares.
constexpr int scaled(Recorder& r, int sensitivity, int partial) {
  if (!rules::is_scaled(r, partial) || !rules::is_exact_scale(r[r[partial].a].value) || r.is_constant(sensitivity)) {
    return r.emit<op::Multiply>(sensitivity, partial);
  }
  if (r.is<op::Negate>(sensitivity)) return r.emit<op::Negate>(scaled(r, r[sensitivity].a, partial));
  const int scale = r[partial].a, factor = r[partial].b;
  if (!rules::is_scaled(r, sensitivity)) {
    return r.emit<op::Multiply>(r.emit<op::Multiply>(scale, sensitivity), factor);
  }
  if (r[r[sensitivity].a].value * r[scale].value == 1) return r.emit<op::Multiply>(r[sensitivity].b, factor);
  return r.emit<op::Multiply>(scale, r.emit<op::Multiply>(sensitivity, factor));
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
  const int node = scaled(r, s.node, partial);
  if (r.is_constant(node, 0)) return {};
  return Sensitivity{node, gate, gate != none && (s.exposed || (row.singular && !r.is_constant(partial)))};
}

/// Marks the nodes up to the last output that depend on one of `variables`.
constexpr std::vector<char> dependents(const Recorder& r, const std::vector<int>& variables,
                                       const std::vector<int>& outputs) {
  int last = none;
  for (int node : outputs) last = node > last ? node : last;
  for (int node : variables) last = node > last ? node : last;
  std::vector<char> depends(static_cast<std::size_t>(last + 1), 0);
  for (int v : variables) depends[static_cast<std::size_t>(v)] = 1;
  for (int i = 0; i <= last; ++i) {
    const Node& n = r[i];
    if (n.op < 0) continue;
    const bool any = depends[static_cast<std::size_t>(n.a)] || (n.b >= 0 && depends[static_cast<std::size_t>(n.b)]) ||
                     (n.c >= 0 && depends[static_cast<std::size_t>(n.c)]);
    if (any && op::info(n.op).kind == op::Kind::smooth) depends[static_cast<std::size_t>(i)] = 1;
  }
  return depends;
}

/// Reverse mode: the derivatives with respect to `variables` of sum_k seeds[k] * outputs[k], as nodes (`none` for zero).
/// One sweep down the nodes; cost: at most a small multiple of the nodes that lie between variables and outputs.
constexpr std::vector<int> reverse(PartialsOf& partial, const std::vector<int>& variables,
                                   const std::vector<int>& outputs, const std::vector<int>& seeds) {
  Recorder& r = partial.recorder();
  const std::vector<char> depends = dependents(r, variables, outputs);
  std::vector<Sensitivity> adjoint(depends.size());
  int last = none;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!depends[static_cast<std::size_t>(outputs[k])] || seeds[k] == none) continue;
    add(r, adjoint[static_cast<std::size_t>(outputs[k])], Sensitivity{seeds[k], none, false});
    last = outputs[k] > last ? outputs[k] : last;
  }
  for (int i = last; i >= 0; --i) {
    const Sensitivity s = adjoint[static_cast<std::size_t>(i)];
    const Node n = r[i];
    if (s.node == none || n.op < 0) continue;
    const op::Info& row = op::info(n.op);
    for (int k = 0; k < row.arity; ++k) {
      const std::size_t operand = static_cast<std::size_t>(n.operand(k));
      if (depends[operand]) add(r, adjoint[operand], carried(r, s, row, partial(i, k)));
    }
  }
  std::vector<int> result;
  for (int v : variables) result.push_back(settled(r, adjoint[static_cast<std::size_t>(v)]));
  return result;
}

/// Forward mode: the tangents of `outputs` when `variables` move with `tangents`, as nodes (`none` for zero).
constexpr std::vector<int> forward(PartialsOf& partial, const std::vector<int>& variables,
                                   const std::vector<int>& tangents, const std::vector<int>& outputs) {
  Recorder& r = partial.recorder();
  const std::vector<char> depends = dependents(r, variables, outputs);
  std::vector<Sensitivity> tangent(depends.size());
  int last = none;
  for (int output : outputs) last = output > last ? output : last;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    tangent[static_cast<std::size_t>(variables[k])] = Sensitivity{tangents[k], none, false};
  }
  for (int i = 0; i <= last; ++i) {
    const Node n = r[i];
    if (n.op < 0 || !depends[static_cast<std::size_t>(i)]) continue;
    const op::Info& row = op::info(n.op);
    for (int k = 0; k < row.arity; ++k) {
      const std::size_t operand = static_cast<std::size_t>(n.operand(k));
      if (!depends[operand] || tangent[operand].node == none) continue;
      // A tangent meets its gate at the choice itself, so what it met before then is what matters here.
      Sensitivity t = tangent[operand];
      if (row.gates && t.exposed) t.gate = none;
      add(r, tangent[static_cast<std::size_t>(i)], carried(r, t, row, partial(i, k)));
    }
    Sensitivity& t = tangent[static_cast<std::size_t>(i)];
    if (t.node != none) t = Sensitivity{settled(r, t), none, t.exposed || row.singular};
  }
  std::vector<int> result;
  for (int output : outputs) result.push_back(tangent[static_cast<std::size_t>(output)].node);
  return result;
}

}  // namespace duet::graph
