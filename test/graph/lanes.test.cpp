// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Jacobians of which two rows are worked out at once, in the lanes of a register, are the same Jacobians.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include <duet/duet.hpp>

namespace {

namespace graph = duet::graph;
namespace op = duet::op;
using duet::Mode;

template <std::size_t N>
using Vector = std::array<double, N>;

/// A rotation of `x` about `w`, seen by a camera: two rows that are alike but for where they begin.
constexpr auto seen = [](const auto& w, const auto& x) {
  const auto angle = sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
  const auto s = sin(angle) / angle, c = cos(angle);
  const auto u = c * x[0] + s * (w[1] * x[2] - w[2] * x[1]), v = c * x[1] + s * (w[2] * x[0] - w[0] * x[2]),
             z = c * x[2] + s * (w[0] * x[1] - w[1] * x[0]) + 9;
  const auto far = 1 + 0.1 * (u * u + v * v) / (z * z);
  return std::array{far * u / z, far * v / z};
};

/// Rows in different order, with signs, choices and functions between them.
constexpr auto mixed = [](const auto& w, const auto& x) {
  const auto p = exp(w[0] * x[0]) * x[1] + where(x[2] > w[2], x[2] * x[1], w[2] * x[0]);
  const auto q = x[1] * tanh(w[1] * x[0]) - w[0] * where(x[0] > 0, x[2], w[1]);
  return std::array{p * q, q - p * p, p / (2 + q * q), square(p) + q, -p};
};

template <class F>
using Derivatives =
    duet::tape::Derivatives<duet::tape::recording<duet::tape::Flat<F, duet::Wrt<>, Vector<3>, Vector<3>>, 0>, 0>;
template <class F>
using Maker = typename Derivatives<F>::template JacobianBy<Mode::reverse, false>;
template <class F>
using Jacobian = graph::Frozen<Maker<F>>;

template <class F>
void check_against_forward(F f) {
  const Vector<3> w{0.3, -0.2, 0.4}, x{1.5, 0.7, -0.6};
  const auto [value, jacobian] = duet::value_and_jacobian(f)(w, x);
  const auto reverse = duet::jacrev(f)(w, x);
  const auto [expected_value, expected] = duet::value_and_jacobian<duet::Forward>(f)(w, x);
  for (std::size_t i = 0; i < jacobian.rows(); ++i) {
    CHECK(value[i] == doctest::Approx(expected_value[i]).epsilon(1e-14));
    for (std::size_t j = 0; j < jacobian.cols(); ++j) {
      CHECK(jacobian(i, j) == doctest::Approx(expected(i, j)).epsilon(1e-12));
      CHECK(reverse(i, j) == doctest::Approx(expected(i, j)).epsilon(1e-12));
    }
  }
}

}  // namespace

TEST_CASE("two rows that are alike share their operations") {
  using F = decltype(seen);
  static_assert(graph::InLanes<Maker<F>>::pays());
  constexpr int before = operations(Jacobian<F>::graph);
  constexpr int after = operations(graph::Frozen<graph::InLanes<Maker<F>>>::graph);
  CHECK(3 * after < 2 * before + 40);
}

TEST_CASE("Jacobians in lanes are those of forward mode") {
  check_against_forward(seen);
  check_against_forward(mixed);
}

TEST_CASE("in constant expressions, too") {
  const auto check = [](const auto& now, const auto& constant) {
    REQUIRE(now.rows() == constant.rows());
    for (std::size_t k = 0; k < 6 * now.rows(); ++k) {
      CHECK(now.data()[k] == doctest::Approx(constant.data()[k]).epsilon(1e-12));
    }
  };
  constexpr Vector<3> w{0.3, -0.2, 0.4}, x{1.5, 0.7, -0.6};
  constexpr auto jacobian_of_mixed = duet::jacrev(mixed)(w, x);
  check(duet::jacrev(mixed)(w, x), jacobian_of_mixed);
  constexpr auto jacobian_of_seen = duet::jacobian(seen)(w, x);  // two rows, for which no elimination is tried
  check(duet::jacobian(seen)(w, x), jacobian_of_seen);
}

TEST_CASE("the compiler pairs the same operations as the program does") {
  const auto check = []<class F>(F) {
    using Pairs = graph::InLanes<Maker<F>>;
    CHECK(Pairs::make() == graph::thaw(graph::Frozen<Pairs>::graph));
  };
  check(seen);
  check(mixed);
}

TEST_CASE("nothing stands before a call but what calls need") {
  const auto& g = graph::Frozen<graph::InLanes<Maker<decltype(seen)>>>::graph;
  std::vector<char> needed(g.size());
  bool called = false;
  for (int i = static_cast<int>(g.size()) - 1; i >= 0; --i) {
    const bool is_call = graph::is_call(g[i]);
    called = called || is_call;
    if (!called) continue;
    CHECK((is_call || needed[static_cast<std::size_t>(i)]));
    for (int k = 0; k < g[i].arity(); ++k) needed[static_cast<std::size_t>(g[i].source(k))] = 1;
  }
  CHECK(called);
}

TEST_CASE("what has one row, or rows that have nothing in common, stays as it is") {
  constexpr auto sum = [](const auto& w, const auto& x) { return w[0] * x[0] + w[1] * x[1] + w[2] * x[2]; };
  static_assert(!graph::InLanes<Maker<decltype(sum)>>::pays());
  constexpr auto unlike = [](const auto& w, const auto& x) { return std::array{exp(w[0] * x[1]), log(w[1] / x[2])}; };
  static_assert(!graph::InLanes<Maker<decltype(unlike)>>::pays());
}

TEST_CASE("sums are put in order of arrival, but for those of values") {
  // late + a b + c d, where late is a quotient; first as a value, then as a derivative
  graph::Graph g;
  g.inputs = 5;
  for (int i = 0; i < 5; ++i) g.nodes.push_back(graph::Node{graph::Node::input, i, -1, -1, 0.0});
  const auto node = [&](op::Code row, int a, int b) {
    g.nodes.push_back(graph::Node{row, a, b, -1, 0.0});
    return static_cast<int>(g.size()) - 1;
  };
  const op::Code add = op::code<op::Add>, subtract = op::code<op::Subtract>, multiply = op::code<op::Multiply>;
  const int late = node(op::code<op::Divide>, 0, 1), ab = node(multiply, 1, 2), cd = node(multiply, 3, 4);
  const int value = node(add, node(add, late, ab), cd);
  const int derivative = node(subtract, node(subtract, late, ab), cd);
  g.outputs = {2 * value, 2 * derivative};
  const graph::Graph ordered = graph::ByArrival(g, 1, 2).graph();

  const auto& last_of_value = ordered[ordered.outputs[0] / 2];
  CHECK(ordered[last_of_value.b].op == multiply);
  const auto& last = ordered[ordered.outputs[1] / 2];
  CHECK(ordered.size() == g.size());
  CHECK(last.op == subtract);
  CHECK(ordered[ordered[last.a].a].op == op::code<op::Divide>);  // nothing else could be subtracted from

  const int positive = node(add, node(add, late, ab), cd);
  g.outputs = {2 * value, 2 * node(op::code<op::Negate>, positive, -1)};
  const graph::Graph again = graph::ByArrival(g, 1, 2).graph();
  const auto& sum = again[again[again.outputs[1] / 2].a];
  CHECK(again[sum.b].op == op::code<op::Divide>);
}
