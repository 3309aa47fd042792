// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Random programs on duals, and on graphs recorded at run time with all passes: values and derivatives up to the third
// order are those of precise numbers, within the error that double precision may have.
#include <duet/graph/second_order.hpp>

#include "engine.hpp"
#include "graphs.hpp"

namespace {

using namespace property;
namespace graph = duet::graph;
using duet::Mode;

constexpr std::size_t size(int n) { return static_cast<std::size_t>(n); }

void first_order_duals(const Subject& s, std::uint64_t, Answers& answers) {
  using D = duet::Dual<double, 4>;
  for (std::size_t k = 0; k < points; ++k) {
    std::vector<D> x;
    for (double value : s.x[k]) x.push_back(D::variable(value, static_cast<int>(x.size())));
    const D y = value<D>(s.program, x);
    answers.push_back({k, 0, y.primal()});
    for (int i = 0; i < s.program.inputs; ++i) answers.push_back({k, gradient + i, y.tangent(i)});
  }
}

void third_order_duals(const Subject& s, std::uint64_t, Answers& answers) {
  std::vector<Triple<double>> x;
  for (double value : s.x[0]) x.push_back(triple(value, x.size()));
  const auto y = value<Triple<double>>(s.program, x);
  for (int which = 0; which < gradient; ++which) answers.push_back({0, which, part(y, which)});
}

/// The mode is another one for each program, and every other program is recorded without rules.
void graphs_of_first_order(const Subject& s, std::uint64_t index, Answers& answers) {
  constexpr Mode modes[] = {Mode::reverse, Mode::forward, Mode::markowitz, Mode::relative_markowitz};
  const graph::RuleSet disabled = index / 4 % 4 == 3 ? ~graph::RuleSet{} : 0;
  const graph::Graph g =
      graph::with_jacobian(recorded(s.program, disabled, 1), s.program.inputs, modes[index % 4], false, disabled);
  for (std::size_t k = 0; k < points; ++k) {
    const auto y = folded(g, s.x[k]);
    answers.push_back({k, 0, y[0]});
    for (int i = 0; i < s.program.inputs; ++i) answers.push_back({k, gradient + i, y[size(1 + i)]});
  }
}

/// The product of a Hessian, row by row from `first` on, with the first two directions.
double curvature(const std::vector<double>& y, std::size_t first, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) sum += directions[0][i] * directions[1][j] * y[first + size(i * n + j)];
  }
  return sum;
}

/// Hessians by elimination from the symmetric graph, and as Jacobians of gradients.
void graphs_of_second_order(const Subject& s, std::uint64_t index, Answers& answers) {
  const int n = s.program.inputs;
  const graph::Graph g = recorded(s.program, 0, 1);
  if (index % 2 == 0) {
    const auto y = folded(graph::with_hessian(g, n), s.x[0]);
    answers.push_back({0, 0, y[0]});
    answers.push_back({0, 3, curvature(y, 1, n)});
    for (int i = 0; i < n; ++i) answers.push_back({0, gradient + i, y[size(1 + n * n + i)]});
  } else {
    graph::Graph slopes = graph::with_jacobian(g, n, Mode::reverse);
    slopes.outputs = graph::List<int>(slopes.outputs.begin() + 1, slopes.outputs.end());
    const Mode mode = index % 4 == 1 ? Mode::reverse : Mode::forward;
    const auto y = folded(graph::with_jacobian(slopes, n, mode, index % 8 < 4), s.x[0]);
    answers.push_back({0, 3, curvature(y, size(n), n)});
  }
}

/// Tangents of tangents of tangents.
void graphs_of_third_order(const Subject& s, std::uint64_t, Answers& answers) {
  const int n = s.program.inputs;
  graph::Graph g = recorded(s.program, 0, 1);
  std::vector<double> x = s.x[0];
  for (const auto& direction : directions) {
    g = graph::with_tangents(g, n);
    x.insert(x.end(), direction, direction + n);
  }
  const auto y = folded(g, x);
  for (int which = 0; which < gradient; ++which) answers.push_back({0, which, y[size(which)]});
}

constexpr Path paths[] = {
    {"duals", &first_order_duals},
    {"duals of duals of duals", &third_order_duals},
    {"recorded graphs with Jacobians", &graphs_of_first_order},
    {"recorded graphs with Hessians", &graphs_of_second_order},
    {"recorded graphs with tangents of third order", &graphs_of_third_order},
};

}  // namespace

TEST_CASE("programs have the same derivatives on duals and on graphs") { compare<long double>(paths, 100'000); }
