// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include <duet/graph/fold.hpp>
#include <duet/graph/partials.hpp>
#include <duet/graph/print.hpp>
#include <duet/tool/columns.hpp>
#include <duet/transform/graph_of.hpp>

/// Evaluation traces: what forward and reverse mode compute, step by step, as tables.
namespace duet {

/// A step of an evaluation: an input, an operation, or a result.
struct TraceRow {
  std::string name;     ///< of an input as given, of an operation v1, v2, ..., of a result y
  std::string formula;  ///< in terms of other names; empty for an input
  double value;
  double derivative;  ///< the tangent (forward trace) or the adjoint (reverse trace)
};

/// A table of steps, in the order in which the value is computed. Adjoints are computed from the last row to the first.
struct Trace {
  std::string heading;  ///< what the derivatives are
  std::vector<TraceRow> rows;

  /// The row called `name`; its derivative is what the trace is about. Throws Error if there is none.
  const TraceRow& operator[](const std::string& name) const {
    for (const TraceRow& row : rows) {
      if (row.name == name) return row;
    }
    throw Error("trace: there is no row called " + name);
  }
};

namespace tool {

/// A number as a table shows it.
inline std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// A graph at a point: the values of its nodes, and the partial derivatives of each by its operands.
class Evaluation {
 public:
  Evaluation(const graph::Graph& g, const std::vector<double>& x) : graph_(g) {
    graph::Recorder r(g, 0);
    graph::PartialsOf partial(r);
    std::vector<int> partials(3 * g.size(), -1);
    for (std::size_t i = 0; i < g.size(); ++i) {
      for (int k = 0; k < g.nodes[i].arity(); ++k)
        partials[3 * i + static_cast<std::size_t>(k)] = partial(static_cast<int>(i), k);
    }
    std::vector<double> all;
    const auto at = [&](int i) { return i < 0 ? 0 : all[static_cast<std::size_t>(i)]; };
    for (int i = 0; i < static_cast<int>(r.size()); ++i) {
      const graph::Node n = r[i];
      all.push_back(n.op == graph::Node::input      ? x[static_cast<std::size_t>(n.a)]
                    : n.op == graph::Node::constant ? n.value
                                                    : graph::fold(n.op, at(n.a), at(n.b), at(n.c)));
    }
    values.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(g.size()));
    for (int i : partials) partials_.push_back(at(i));
  }

  /// The tangents of all nodes, given those of the inputs.
  std::vector<double> forward(const std::vector<double>& tangents) const {
    std::vector<double> result(values.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const graph::Node& n = graph_.nodes[i];
      if (n.op == graph::Node::input) result[i] = tangents[static_cast<std::size_t>(n.a)];
      for_each_operand(i, [&](std::size_t operand, double partial) {
        if (result[operand] != 0) result[i] += partial * result[operand];
      });
    }
    return result;
  }

  /// The adjoints of all nodes, given those of the outputs.
  std::vector<double> reverse(const std::vector<double>& cotangents) const {
    std::vector<double> result(values.size(), 0.0);
    for (std::size_t k = 0; k < graph_.outputs.size(); ++k) {
      result[static_cast<std::size_t>(graph_.outputs[k])] += cotangents[k];
    }
    for (std::size_t i = values.size(); i-- > 0;) {
      if (result[i] == 0) continue;
      for_each_operand(i, [&](std::size_t operand, double partial) { result[operand] += partial * result[i]; });
    }
    return result;
  }

  std::vector<double> values;

 private:
  void for_each_operand(std::size_t i, const auto& use) const {
    const graph::Node& n = graph_.nodes[i];
    for (int k = 0; k < n.arity(); ++k) {
      use(static_cast<std::size_t>(n.operand(k)), partials_[3 * i + static_cast<std::size_t>(k)]);
    }
  }

  const graph::Graph& graph_;
  std::vector<double> partials_;
};

/// The same graph with its nodes in an order that does not depend on the order in which a compiler evaluates operands:
/// inputs, constants, then operations by the length of the path from the inputs, those of equal length by their
/// operands.
inline graph::Graph in_order(const graph::Graph& g) {
  const auto size = static_cast<int>(g.size());
  std::vector<int> depth(g.size(), 0), number(g.size(), -1);
  int deepest = 0;
  for (int i = 0; i < size; ++i) {
    int& own = depth[static_cast<std::size_t>(i)];
    for (int k = 0; k < g[i].arity(); ++k) own = std::max(own, depth[static_cast<std::size_t>(g[i].operand(k))] + 1);
    deepest = std::max(deepest, own);
  }
  graph::Graph result;
  result.inputs = g.inputs;
  for (int level = 0; level <= deepest; ++level) {
    struct Placed {
      graph::Node node;
      int from;
    };
    std::vector<Placed> placed;
    for (int i = 0; i < size; ++i) {
      if (depth[static_cast<std::size_t>(i)] != level) continue;
      graph::Node n = g[i];
      if (n.op >= 0) {
        for (int* operand : {&n.a, &n.b, &n.c}) {
          if (*operand >= 0) *operand = number[static_cast<std::size_t>(*operand)];
        }
        if ((n.op == op::code<op::Add> || n.op == op::code<op::Multiply>)&&n.a > n.b) std::swap(n.a, n.b);
      }
      placed.push_back({n, i});
    }
    const auto key = [](const graph::Node& n) {
      return std::tuple(n.op == graph::Node::constant, n.a, n.b, n.c, n.op, n.value);
    };
    std::stable_sort(placed.begin(), placed.end(),
                     [&](const Placed& x, const Placed& y) { return key(x.node) < key(y.node); });
    for (const Placed& one : placed) {
      number[static_cast<std::size_t>(one.from)] = static_cast<int>(result.nodes.size());
      result.nodes.push_back(one.node);
    }
  }
  for (int output : g.outputs) result.outputs.push_back(number[static_cast<std::size_t>(output)]);
  return result;
}

/// The rows of a graph's evaluation. Constants have none, they stand in the formulas.
inline std::vector<TraceRow> trace_rows(const graph::Graph& g, const std::vector<double>& values,
                                        const std::vector<double>& derivatives,
                                        const std::vector<std::string>& inputs) {
  const auto result_name = [&](std::size_t k) { return g.outputs.size() == 1 ? "y" : "y" + std::to_string(k); };
  std::vector<std::string> names(g.size());
  std::vector<bool> is_named(g.outputs.size(), false);
  for (std::size_t k = 0; k < g.outputs.size(); ++k) {
    std::string& name = names[static_cast<std::size_t>(g.outputs[k])];
    if (g[g.outputs[k]].op < 0 || !name.empty()) continue;
    name = result_name(k);
    is_named[k] = true;
  }
  std::vector<TraceRow> rows;
  int steps = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    const graph::Node& n = g.nodes[i];
    std::string formula;
    if (n.op == graph::Node::constant) {
      names[i] = graph::notation::number(n.value);
      continue;
    }
    if (n.op == graph::Node::input) {
      const auto k = static_cast<std::size_t>(n.a);
      names[i] = k < inputs.size() ? inputs[k] : "x" + std::to_string(k);
    } else {
      ++steps;
      if (names[i].empty()) names[i] = "v" + std::to_string(steps);
      graph::Graph one;
      std::vector<std::string> operands;
      graph::Node step = n;
      for (int k = 0; k < n.arity(); ++k) {
        one.nodes.push_back(graph::Node{graph::Node::input, k, -1, -1, 0});
        operands.push_back(names[static_cast<std::size_t>(n.operand(k))]);
        (k == 0 ? step.a : k == 1 ? step.b : step.c) = k;
      }
      one.inputs = n.arity();
      one.nodes.push_back(step);
      one.outputs.push_back(n.arity());
      formula = to_string(one, operands);
    }
    rows.push_back({names[i], formula, values[i], derivatives[i]});
  }
  for (std::size_t k = 0; k < g.outputs.size(); ++k) {
    const auto i = static_cast<std::size_t>(g.outputs[k]);
    if (!is_named[k]) rows.push_back({result_name(k), names[i], values[i], derivatives[i]});
  }
  return rows;
}

/// The graph of `f`, as it was written, at `primals` (a tuple).
template <class F, class... X>
graph::Graph recorded_for_trace(const F&, const std::tuple<X...>&) {
  return in_order(tape::recording<tape::Flat<F, Wrt<>, X...>, ~graph::RuleSet{0}>::make());
}

/// Several arguments, or one, as a tuple.
template <class... X>
std::tuple<X...> as_tuple(const std::tuple<X...>& x) {
  return x;
}
template <class X>
std::tuple<X> as_tuple(const X& x) {
  return std::tuple<X>(x);
}

}  // namespace tool

/// The evaluation of `f` at `primals` with the tangents of all steps along `tangents`: what forward mode computes.
/// `f` is a stateless function of numbers or fixed-size structures, which is recorded as it is written; `primals` is
/// its argument, or a std::tuple of several. `names` are those of the scalar arguments, x0, x1, ... if not given.
/// Throws ShapeError where the numbers of primals and tangents differ.
template <class F, class P, class V>
Trace forward_trace(const F& f, const P& primals, const V& tangents, const std::vector<std::string>& names = {}) {
  const graph::Graph g = tool::recorded_for_trace(f, tool::as_tuple(primals));
  const std::vector<double> x = tree::leaves_as<double>(primals), t = tree::leaves_as<double>(tangents);
  if (x.size() != t.size()) {
    throw ShapeError("forward_trace: there are " + std::to_string(x.size()) + " primals and " +
                     std::to_string(t.size()) + " tangents");
  }
  const tool::Evaluation at(g, x);
  return {"tangent", tool::trace_rows(g, at.values, at.forward(t), names)};
}

/// The evaluation of `f` at `primals` with the adjoints of all steps: what reverse mode computes, from the last row to
/// the first. `cotangents` are those of the results; one, if they are not given.
template <class F, class P>
Trace reverse_trace(const F& f, const P& primals, const std::vector<std::string>& names = {},
                    std::vector<double> cotangents = {}) {
  const graph::Graph g = tool::recorded_for_trace(f, tool::as_tuple(primals));
  if (cotangents.empty()) cotangents.assign(g.outputs.size(), 1.0);
  if (cotangents.size() != g.outputs.size()) {
    throw ShapeError("reverse_trace: there are " + std::to_string(g.outputs.size()) + " results and " +
                     std::to_string(cotangents.size()) + " cotangents");
  }
  const tool::Evaluation at(g, tree::leaves_as<double>(primals));
  return {"adjoint", tool::trace_rows(g, at.values, at.reverse(cotangents), names)};
}

/// The table as text.
inline std::string to_string(const Trace& trace) {
  std::vector<std::vector<std::string>> lines{{"step", "formula", "value", trace.heading}};
  for (const TraceRow& row : trace.rows) {
    lines.push_back({row.name, row.formula, tool::short_number(row.value), tool::short_number(row.derivative)});
  }
  return tool::columns(lines, 2);
}

}  // namespace duet
