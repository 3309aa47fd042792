// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/pass.hpp>

/// Second derivatives of graphs.
namespace duet::graph {

/// From the graph of a gradient followed by the value that of the gradient, the Hessian row by row, and the value, with
/// respect to the first `variables` inputs. Only the lower triangle is recorded; the upper refers to it.
template <class AnyGraph>
constexpr Graph with_hessian(const AnyGraph& g, int variables, Mode mode, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  PartialsOf partial(r);
  const List<int> y = outputs_of(g);
  const int n = variables;
  List<int> hessian(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), none);
  for (int i = 0; i < n; ++i) {
    if (mode == Mode::reverse) {
      const List<int> row = reverse(partial, first_inputs(i + 1), {y[i]}, {r.constant(1)});
      for (int j = 0; j <= i; ++j) hessian[i * n + j] = hessian[j * n + i] = row[j];
    } else {
      const List<int> below(y.begin() + i, y.begin() + n);
      const List<int> column = forward(partial, {i}, {r.constant(1)}, below);
      for (int j = i; j < n; ++j) hessian[i * n + j] = hessian[j * n + i] = column[j - i];
    }
  }
  List<int> outputs(y.begin(), y.begin() + n);
  outputs.append(hessian);
  outputs.push_back(y[n]);
  return extract(r, outputs);
}

/// From the graph of a gradient that of the diagonal of the Hessian: nothing but what these elements need.
template <class AnyGraph>
constexpr Graph with_hessian_diagonal(const AnyGraph& g, int variables, Mode mode, RuleSet disabled = 0) {
  Recorder r(g, disabled);
  PartialsOf partial(r);
  const List<int> y = outputs_of(g);
  List<int> diagonal;
  for (int i = 0; i < variables; ++i) {
    if (mode == Mode::reverse) {
      const List<int> element = reverse(partial, {i}, {y[i]}, {r.constant(1)});
      diagonal.push_back(element[0]);
    } else {
      const List<int> element = forward(partial, {i}, {r.constant(1)}, {y[i]});
      diagonal.push_back(element[0]);
    }
  }
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
