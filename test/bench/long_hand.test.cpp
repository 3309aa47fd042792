// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The hand-written gradients of functions of many numbers are right: they agree with differences and with duals.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <duet/forward/dual.hpp>
#include <tuple>
#include <vector>

#include "../../bench/hand/burgers.hpp"
#include "../../bench/hand/least_squares.hpp"
#include "../../bench/hand/log_sum_exp.hpp"
#include "../../bench/hand/mesh.hpp"
#include "../../bench/hand/ode.hpp"
#include "../../bench/hand/rosenbrock_chain.hpp"
#include "../../bench/points.hpp"
#include "../../bench/problem/burgers.hpp"
#include "../../bench/problem/least_squares.hpp"
#include "../../bench/problem/log_sum_exp.hpp"
#include "../../bench/problem/loop.hpp"
#include "../../bench/problem/mesh.hpp"
#include "../../bench/problem/ode.hpp"
#include "../../bench/problem/rosenbrock_chain.hpp"

namespace {

using Numbers = std::vector<double>;

/// A partial derivative by central differences of fourth order in long double.
template <class Problem>
double difference(const Problem& problem, const Numbers& at, std::size_t which) {
  constexpr long double step = 1e-4L;
  std::vector<long double> x(at.begin(), at.end());
  const auto shifted = [&](long double by) {
    x[which] = at[which] + by;
    return problem(x);
  };
  const long double near = shifted(step) - shifted(-step);
  const long double far = shifted(2 * step) - shifted(-2 * step);
  return static_cast<double>((8 * near - far) / (12 * step));
}

/// The derivative along a direction, by a dual number.
template <class Problem>
double tangent(const Problem& problem, const Numbers& at, const Numbers& direction) {
  using Dual = duet::Dual<double, 1>;
  std::vector<Dual> x;
  for (std::size_t i = 0; i < at.size(); ++i) {
    x.push_back(Dual(at[i], {direction[i]}));
  }
  return problem(x).tangent(0);
}

/// Random numbers between two bounds, the same ones at every call.
Numbers random(std::size_t count, double low, double high) {
  Numbers numbers;
  for (const auto& [x] : bench::points_between(std::tuple(low), std::tuple(high), count)) {
    numbers.push_back(x);
  }
  return numbers;
}

/// Checks value and gradient at a point, twice, as some keep a workspace.
template <class Problem, class Hand>
void check(const Problem& problem, Hand hand, const Numbers& at) {
  Numbers gradient(at.size(), 7.0);
  hand(at, gradient);
  std::fill(gradient.begin(), gradient.end(), 7.0);
  CHECK(hand(at, gradient) == doctest::Approx(problem(at)).epsilon(1e-13));

  REQUIRE(gradient.size() == at.size());
  double largest = 0;
  double along = 0;
  double magnitude = 0;
  const Numbers direction = random(at.size(), -1, 1);
  for (std::size_t i = 0; i < at.size(); ++i) {
    largest = std::max(largest, std::abs(gradient[i]));
    along += gradient[i] * direction[i];
    magnitude += std::abs(gradient[i] * direction[i]);
  }
  CHECK(largest > 0);
  for (std::size_t i = 0; i < at.size(); ++i) {
    CHECK(std::abs(gradient[i] - difference(problem, at, i)) < 1e-10 * largest);
  }
  CHECK(std::abs(along - tangent(problem, at, direction)) < 1e-13 * magnitude);
}

TEST_CASE("Rosenbrock's chain") {
  const Numbers at = random(23, -2, 2);
  check(bench::RosenbrockChain{}, bench::hand::RosenbrockChain{}, at);
  check(bench::RosenbrockChain{}, bench::hand::RosenbrockChain{}, random(2, -2, 2));
  CHECK(bench::RosenbrockChain{}.mapped<bench::PlainLoop>()(at) == bench::RosenbrockChain{}(at));
}

TEST_CASE("Burgers") {
  const bench::BurgersGrid grid{.nx = 7, .ny = 5, .steps = 6};
  const Numbers at = random(2 * grid.cells(), 0.5, 1.5);
  check(bench::Burgers{grid}, bench::hand::Burgers(bench::Burgers{grid}), at);
  CHECK(bench::Burgers{grid}.mapped<bench::PlainLoop>()(at) ==
        doctest::Approx(bench::Burgers{grid}(at)).epsilon(1e-14));
}

TEST_CASE("a mesh") {
  const bench::Mesh mesh{.nodes = 17, .steps = 5};
  check(mesh, bench::hand::Mesh(mesh), random(mesh.nodes, 0.5, 1.5));
}

TEST_CASE("logsumexp") {
  const Numbers at = random(40, 0, 1);
  check(bench::LogSumExp{}, bench::hand::LogSumExp{}, at);
  CHECK(bench::LogSumExp{}.mapped<bench::PlainLoop>()(at) == bench::LogSumExp{}(at));
}

TEST_CASE("linear least squares") {
  const bench::LeastSquares problem{.points = 33};  // an odd number, so that t = 0 is one of them
  const Numbers at = random(12, 0, 1);
  check(problem, bench::hand::LeastSquares(problem), at);
  CHECK(problem.mapped<bench::PlainLoop>()(at) == doctest::Approx(problem(at)).epsilon(1e-13));
}

TEST_CASE("the ordinary differential equation") {
  const bench::Ode problem{.steps = 5};
  const Numbers at = random(9, 0.5, 1.5);
  check(problem, bench::hand::Ode(problem), at);
  CHECK(problem.mapped<bench::PlainLoop>()(at) == doctest::Approx(problem(at)).epsilon(1e-13));
}

}  // namespace
