// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <utility>

#include <duet/graph/partials.hpp>

/// Differentiation as a transformation of graphs: the nodes of the derivative are appended to those of the function, so
/// that they share all they can.
namespace duet::graph {

inline constexpr int none = -1;

/// The rules that are applied here, to the terms of derivatives.
inline constexpr RuleSet count_terms = rules::named("c u + d u -> (c + d) u in derivatives");
inline constexpr RuleSet merge_terms = rules::named("u v + u w -> u (v + w) in derivatives");
inline constexpr RuleSet draw_numbers = rules::named("u (c v) -> c (u v) in derivatives");

/// A cotangent (or tangent) under way: `scale` times the value of `node`. The number stays aside since the halves of
/// square roots cancel the twos of squares, equal terms are counted instead of added, and sums share what is left; it
/// is multiplied in where nothing of that can happen any more. If `node` is a product, it is `base` times `factor`.
///
/// Where it came through a choice, `gate` is the condition under which it counts; it is applied only if the value may
/// have met something infinite since (`exposed`), so an untaken branch costs nothing and spoils nothing.
///
/// `seeded`: it is a multiple of a seed that is only known at run time, and might be zero.
struct Sensitivity {
  int node = none, gate = none;
  bool exposed = false;
  bool seeded = false;
  double scale = 1;
  int base = none, factor = none;  ///< `none` for no product
};

/// The node of a sensitivity with its scale, which goes to the base: the operands of one sum of products share that.
constexpr int unscaled(Recorder& r, const Sensitivity& s) {
  if (s.scale == 1) return s.node;
  const int scale = r.constant(s.scale);
  if (s.base == none) return r.emit<op::Multiply>(scale, s.node);
  return r.emit<op::Multiply>(r.emit<op::Multiply>(scale, s.base), s.factor);
}

/// The product of the derivatives along two edges, one behind the other.
///
/// A gate stays closed for the whole path. Where an edge is no choice among numbers, and what it meets may be infinite,
/// the product is not sure to be zero behind a closed gate, so it is exposed.
constexpr Sensitivity chained(Recorder& r, const Sensitivity& s, const Sensitivity& t) {
  const auto wild = [&](const Sensitivity& e) { return r.is_wild(e.node); };
  Sensitivity path{none, s.gate, s.exposed || t.exposed, false, s.scale * t.scale};
  if (t.gate != none) path.gate = s.gate == none || s.gate == t.gate ? t.gate : r.emit<op::And>(s.gate, t.gate);
  path.exposed = path.gate != none && (path.exposed || wild(s) || wild(t));
  if (r.is_constant(s.node)) {
    path.scale *= r[s.node].value;
    path.node = t.node, path.base = t.base, path.factor = t.factor;
  } else if (r.is_constant(t.node)) {
    path.scale *= r[t.node].value;
    path.node = s.node, path.base = s.base, path.factor = s.factor;
  } else {
    path.node = r.emit<op::Multiply>(s.node, t.node), path.base = s.node, path.factor = t.node;
  }
  return path;
}

/// The node of a sensitivity once nothing else will happen to it: with its scale and, if it needs that, its gate.
constexpr int settled(Recorder& r, const Sensitivity& s) {
  if (s.node == none) return none;
  const int node = unscaled(r, s);
  return s.gate == none || !s.exposed ? node : r.emit<op::Where>(s.gate, node, r.constant(0));
}

/// A sensitivity that goes on to several factors of a product: its scale is multiplied in once, but for the sign.
constexpr Sensitivity spread(Recorder& r, const Sensitivity& s) {
  if (s.scale == 1 || s.scale == -1 || r.is_constant(s.node)) return s;
  Sensitivity result{s.node, s.gate, s.exposed, s.seeded, s.scale < 0 ? -s.scale : s.scale, s.base, s.factor};
  result.node = unscaled(r, result);
  result.scale = s.scale < 0 ? -1 : 1;
  result.base = result.factor = none;
  return result;
}

constexpr Sensitivity added(Recorder& r, const Sensitivity& a, const Sensitivity& b);

/// The sum of two products of the same base, as a product: what is summed then are partial derivatives, which other
/// sweeps may share.
constexpr Sensitivity merged(Recorder& r, const Sensitivity& a, const Sensitivity& b) {
  const Sensitivity factors =
      added(r, Sensitivity{a.factor, none, false, false, a.scale}, Sensitivity{b.factor, none, false, false, b.scale});
  Sensitivity sum = factors;
  sum.base = a.base;
  sum.factor = factors.node;
  sum.node = r.emit<op::Multiply>(sum.base, sum.factor);
  return sum;
}

/// The sum of two sensitivities, gates aside.
constexpr Sensitivity added(Recorder& r, const Sensitivity& a, const Sensitivity& b) {
  Sensitivity sum;
  if (a.node == b.node && a.scale + b.scale != 0 && r.enabled(count_terms)) {
    sum = a;
    sum.scale = a.scale + b.scale;
  } else if (a.base != none && a.base == b.base && r.enabled(merge_terms)) {
    sum = merged(r, a, b);
  } else if (a.scale == b.scale) {
    sum.node = r.emit<op::Add>(a.node, b.node);
    sum.scale = a.scale;
  } else if (a.scale == -b.scale) {
    sum.node = a.scale > 0 ? r.emit<op::Subtract>(a.node, b.node) : r.emit<op::Subtract>(b.node, a.node);
    sum.scale = a.scale > 0 ? a.scale : b.scale;
  } else {
    const int first = unscaled(r, a);  // in this order under every compiler
    sum.node = r.emit<op::Add>(first, unscaled(r, b));
  }
  return sum;
}

constexpr void add(Recorder& r, Sensitivity& sum, const Sensitivity& term) {
  if (term.node == none) return;
  if (sum.node == none) {
    sum = term;
    return;
  }
  const auto open = [&](const Sensitivity& s) {
    return s.gate == none || !s.exposed ? s : Sensitivity{settled(r, s), none, false, s.seeded};
  };
  const int gate = sum.gate == none || term.gate == none ? none : r.emit<op::Or>(sum.gate, term.gate);
  const bool seeded = sum.seeded || term.seeded;
  sum = added(r, open(sum), open(term));
  sum.gate = gate;
  sum.exposed = false;
  sum.seeded = seeded;
}

/// A partial derivative as a number times a node, `none` for the number alone. Numbers are drawn out where that is
/// exact or costs nothing.
struct Scaled {
  double scale = 1;
  int node = none;
};
constexpr Scaled parts(Recorder& r, int partial) {
  const Node n = r[partial];
  if (n.op == op::code<op::Negate>) {
    const Scaled positive = parts(r, n.a);
    return {-positive.scale, positive.node};
  }
  if (n.op == Node::constant && math::isfinite(n.value)) return {n.value, none};
  const bool scaled = r.enabled(draw_numbers) && n.op >= 0 && r.is_constant(n.a) && rules::is_exact_scale(r[n.a].value);
  if (scaled && n.op == op::code<op::Multiply>) return {r[n.a].value, n.b};
  if (scaled && n.op == op::code<op::Divide>) return {r[n.a].value, r.emit<op::Divide>(r.constant(1), n.b)};
  return {1, partial};
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
  const bool wild = r.is_wild(partial);
  Sensitivity result = s;
  result.gate = gate;
  result.exposed = gate != none && (s.exposed || wild);
  const Scaled by = parts(r, partial);
  result.scale *= by.scale;
  if (r.is_constant(s.node)) {
    const double number = result.scale * r[s.node].value;
    result.scale = rules::is_exact_scale(number) ? number : 1;
    result.node = r.constant(number / result.scale);
    result.base = result.factor = none;
  }
  if (by.node == none) return result;
  result.base = result.node;
  result.node = r.emit<op::Multiply>(result.base, by.node);
  if (r.is_constant(result.node, 0)) return {};
  result.factor = by.node;
  if (s.seeded && wild) {
    result.node = zero_kept(r, result.base, result.node);
    result.base = result.factor = none;
  }
  return result;
}

/// Marks the nodes up to the last output that depend on one of `variables`.
constexpr List<char> dependents(const Recorder& r, const List<int>& variables, const List<int>& outputs) {
  int last = none;
  for (int node : outputs) last = node > last ? node : last;
  for (int node : variables) last = node > last ? node : last;
  List<char> depends(static_cast<std::size_t>(last + 1), 0);
  for (int v : variables) depends[v] = 1;
  char* const depend = depends.data();
  const Node* const nodes = r.nodes().data();
  for (int i = 0; i <= last; ++i) {
    const Node& n = nodes[i];
    if (n.op < 0) continue;
    const bool any = depend[n.a] || (n.b >= 0 && depend[n.b]) || (n.c >= 0 && depend[n.c]);
    if (any && op::info(n.op).kind == op::Kind::smooth) depend[i] = 1;
  }
  return depends;
}

/// Reverse mode: the derivatives with respect to `variables` of sum_k seeds[k] * outputs[k], as nodes (`none` for
/// zero). One sweep down the nodes; cost: at most a small multiple of the nodes that lie between variables and outputs.
///
/// `guarded`: a seed of zero stays zero whatever it meets. Without guards it may become NaN where it meets an infinite
/// partial derivative, and then some derivative is NaN.
constexpr List<int> reverse(PartialsOf& partial, const List<int>& variables, const List<int>& outputs,
                            const List<int>& seeds, bool guarded = true) {
  Recorder& r = partial.recorder();
  const List<char> depends = dependents(r, variables, outputs);
  List<Sensitivity> adjoint(depends.size());
  int last = none;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!depends[outputs[k]] || seeds[k] == none) continue;
    add(r, adjoint[outputs[k]], Sensitivity{seeds[k], none, false, guarded && !r.is_constant(seeds[k])});
    last = outputs[k] > last ? outputs[k] : last;
  }
  const char* const depend = depends.data();
  Sensitivity* const adjoints = adjoint.data();
  for (int i = last; i >= 0; --i) {
    if (adjoints[i].node == none) continue;
    const Node n = r[i];
    if (n.op < 0) continue;
    const op::Info& row = op::info(n.op);
    const bool sum = n.op == op::code<op::Add> || n.op == op::code<op::Subtract>;
    const bool fans_out = !sum && n.b >= 0 && depend[n.a] && depend[n.b];
    const Sensitivity s = fans_out ? spread(r, adjoints[i]) : adjoints[i];
    for (int k = 0; k < row.arity; ++k) {
      const int operand = n.operand(k);
      if (depend[operand]) add(r, adjoints[operand], carried(r, s, row, partial(i, k)));
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
    if (t.gate != none && t.exposed) t = Sensitivity{settled(r, t), none, true, t.seeded};
    t.gate = none;
    t.exposed = t.exposed || r.is_wild(i);
  }
  List<int> result;
  for (int output : outputs) result.push_back(settled(r, tangent[output]));
  return result;
}

}  // namespace duet::graph
