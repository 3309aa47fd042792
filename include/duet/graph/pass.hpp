// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/common_factor.hpp>
#include <duet/graph/elimination.hpp>
#include <duet/graph/extract.hpp>

/// Whole-graph steps: recording a graph again, leaving out what nobody needs, and the derivatives of a graph.
namespace duet::graph {

/// Records `g` in `r` on the operands `inputs` and returns the nodes of its outputs.
template <class AnyGraph>
constexpr List<int> splice(Recorder& r, const AnyGraph& g, const List<int>& inputs) {
  List<int> at;
  at.reserve(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    const Node& n = g[static_cast<int>(i)];
    int node = none;
    if (n.op == Node::input) {
      node = inputs[n.a];
    } else if (n.op == Node::constant) {
      node = r.constant(n.value);
    } else {
      node = r.emit(n.op, at[n.a], n.b < 0 ? none : at[n.b], n.c < 0 ? none : at[n.c]);
    }
    at.push_back(node);
  }
  List<int> outputs;
  for (int output : g.outputs) outputs.push_back(at[output]);
  return outputs;
}

/// Creates the inputs of a recorder.
constexpr List<int> inputs(Recorder& r, int count) {
  List<int> nodes;
  for (int i = 0; i < count; ++i) nodes.push_back(r.input());
  return nodes;
}

/// The nodes of the first `count` inputs of a graph, which come first; by convention they are the variables, and the
/// parameters follow.
constexpr List<int> first_inputs(int count) {
  List<int> nodes;
  for (int i = 0; i < count; ++i) nodes.push_back(i);
  return nodes;
}

template <class AnyGraph>
constexpr List<int> outputs_of(const AnyGraph& g) {
  List<int> nodes;
  for (int output : g.outputs) nodes.push_back(output);
  return nodes;
}

/// The graph of the outputs followed by their Jacobian, row by row, with respect to the first `variables` inputs.
/// With `symmetric` (a Hessian) only the lower triangle is recorded and the upper refers to it. An elimination that
/// records more than `most` nodes is given up: the graph is empty then.
template <class AnyGraph>
constexpr Graph with_jacobian(const AnyGraph& g, int variables, Mode mode, bool symmetric = false, RuleSet disabled = 0,
                              int most = 0x7FFFFFFF) {
  Recorder r(g, disabled);
  const List<int> v = first_inputs(variables);
  const List<int> y = outputs_of(g);
  const std::size_t rows = y.size(), columns = v.size();
  PartialsOf partial(r);
  List<int> jacobian(rows * columns, none);
  if (rows == 1 && mode == Mode::reverse) {
    jacobian = gradient(partial, v, y[0]);
  } else if (mode == Mode::reverse) {
    for (std::size_t i = 0; i < rows; ++i) {
      const List<int> wrt = first_inputs(symmetric ? static_cast<int>(i) + 1 : variables);
      const List<int> row = reverse(partial, wrt, {y[i]}, {r.constant(1)});
      for (std::size_t j = 0; j < row.size(); ++j) jacobian[i * columns + j] = row[j];
    }
  } else if (mode != Mode::forward) {
    jacobian = Elimination(partial, v, y).jacobian(mode, most);
    if (jacobian.empty()) return {};
  } else {
    for (std::size_t j = 0; j < columns; ++j) {
      const List<int> of(y.begin() + (symmetric ? j : 0), y.end());
      const List<int> column = forward(partial, {v[j]}, {r.constant(1)}, of);
      for (std::size_t i = 0; i < column.size(); ++i) jacobian[(i + rows - of.size()) * columns + j] = column[i];
    }
  }
  if (symmetric) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = i + 1; j < columns; ++j) jacobian[i * columns + j] = jacobian[j * columns + i];
    }
  }
  List<int> outputs = y;
  outputs.append(jacobian);
  return extract(r, outputs);
}

/// The graph of the outputs followed by their tangents; the tangents of the variables are appended to the inputs.
template <class AnyGraph>
constexpr Graph with_tangents(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  const List<int> t = inputs(r, variables);
  List<int> outputs = outputs_of(g);
  PartialsOf partial(r);
  const List<int> tangents = forward(partial, first_inputs(variables), t, outputs);
  outputs.append(tangents);
  return extract(r, outputs);
}

/// The graph of the outputs followed by the cotangents of the variables; those of the outputs are appended to the
/// inputs.
template <class AnyGraph>
constexpr Graph with_cotangents(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  List<int> outputs = outputs_of(g);
  const List<int> w = inputs(r, static_cast<int>(outputs.size()));
  PartialsOf partial(r);
  const List<int> cotangents = reverse(partial, first_inputs(variables), outputs, w);
  outputs.append(cotangents);
  return extract(r, outputs);
}

}  // namespace duet::graph
