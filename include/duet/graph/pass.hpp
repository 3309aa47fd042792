// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/graph/differentiate.hpp>
#include <duet/graph/extract.hpp>
#include <duet/op/mode.hpp>

/// Whole-graph steps: recording a graph again, leaving out what nobody needs, and the derivatives of a graph.
namespace duet::graph {

/// Records `g` in `r` on the operands `inputs` and returns the nodes of its outputs.
template <class AnyGraph>
constexpr std::vector<int> splice(Recorder& r, const AnyGraph& g, const std::vector<int>& inputs) {
  std::vector<int> at;
  at.reserve(g.size());
  for (std::size_t i = 0; i < g.size(); ++i) {
    const Node& n = g[static_cast<int>(i)];
    int node = none;
    if (n.op == Node::input) {
      node = inputs[static_cast<std::size_t>(n.a)];
    } else if (n.op == Node::constant) {
      node = r.constant(n.value);
    } else {
      node = r.emit(n.op, at[static_cast<std::size_t>(n.a)], n.b < 0 ? none : at[static_cast<std::size_t>(n.b)],
                    n.c < 0 ? none : at[static_cast<std::size_t>(n.c)]);
    }
    at.push_back(node);
  }
  std::vector<int> outputs;
  for (int output : g.outputs) outputs.push_back(at[static_cast<std::size_t>(output)]);
  return outputs;
}

/// Creates the inputs of a recorder.
constexpr std::vector<int> inputs(Recorder& r, int count) {
  std::vector<int> nodes;
  for (int i = 0; i < count; ++i) nodes.push_back(r.input());
  return nodes;
}

/// The first `count` of some nodes: by convention the variables come before the parameters.
constexpr std::vector<int> leading(const std::vector<int>& nodes, int count) {
  return std::vector<int>(nodes.begin(), nodes.begin() + count);
}

/// The graph of the outputs followed by their Jacobian, row by row, with respect to the first `variables` inputs.
/// With `symmetric` (a Hessian) only the lower triangle is recorded and the upper refers to it.
template <class AnyGraph>
constexpr Graph with_jacobian(const AnyGraph& g, int variables, Mode mode, bool symmetric = false, RuleSet disabled = 0) {
  Recorder r(disabled);
  const std::vector<int> x = inputs(r, g.inputs);
  const std::vector<int> v = leading(x, variables);
  const std::vector<int> y = splice(r, g, x);
  const std::size_t rows = y.size(), columns = v.size();
  PartialsOf partial(r);
  std::vector<int> jacobian(rows * columns, none);
  if (mode == Mode::reverse) {
    for (std::size_t i = 0; i < rows; ++i) {
      const std::vector<int> wrt = leading(v, symmetric ? static_cast<int>(i) + 1 : variables);
      const std::vector<int> row = reverse(partial, wrt, {y[i]}, {r.constant(1)});
      for (std::size_t j = 0; j < row.size(); ++j) jacobian[i * columns + j] = row[j];
    }
  } else {
    for (std::size_t j = 0; j < columns; ++j) {
      const std::vector<int> of(y.begin() + (symmetric ? static_cast<std::ptrdiff_t>(j) : 0), y.end());
      const std::vector<int> column = forward(partial, {v[j]}, {r.constant(1)}, of);
      for (std::size_t i = 0; i < column.size(); ++i) jacobian[(i + rows - of.size()) * columns + j] = column[i];
    }
  }
  if (symmetric) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = i + 1; j < columns; ++j) jacobian[i * columns + j] = jacobian[j * columns + i];
    }
  }
  std::vector<int> outputs = y;
  outputs.insert(outputs.end(), jacobian.begin(), jacobian.end());
  return extract(r, outputs);
}

/// The graph of the outputs followed by their tangents; the tangents of the variables are appended to the inputs.
template <class AnyGraph>
constexpr Graph with_tangents(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(disabled);
  const std::vector<int> x = inputs(r, g.inputs);
  const std::vector<int> t = inputs(r, variables);
  std::vector<int> outputs = splice(r, g, x);
  PartialsOf partial(r);
  const std::vector<int> tangents = forward(partial, leading(x, variables), t, outputs);
  outputs.insert(outputs.end(), tangents.begin(), tangents.end());
  return extract(r, outputs);
}

/// The graph of the outputs followed by the cotangents of the variables; those of the outputs are appended to the inputs.
template <class AnyGraph>
constexpr Graph with_cotangents(const AnyGraph& g, int variables, RuleSet disabled = 0) {
  Recorder r(disabled);
  const std::vector<int> x = inputs(r, g.inputs);
  std::vector<int> outputs = splice(r, g, x);
  const std::vector<int> w = inputs(r, static_cast<int>(outputs.size()));
  PartialsOf partial(r);
  const std::vector<int> cotangents = reverse(partial, leading(x, variables), outputs, w);
  outputs.insert(outputs.end(), cotangents.begin(), cotangents.end());
  return extract(r, outputs);
}

}  // namespace duet::graph
