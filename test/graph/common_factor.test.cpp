// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What drawing a common factor out of a gradient promises: the same derivatives, no more operations, and nothing drawn
// out past a choice.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>

#include "../property/graphs.hpp"

namespace {

namespace graph = duet::graph;
namespace op = duet::op;
using duet::Traced;
using property::folded;

constexpr double infinity = std::numeric_limits<double>::infinity();
using AsIs = duet::StaticTapeWithout<"(u v, u w, ...) -> u (v, w, ...) in gradients">;

struct Gradients {
  graph::Graph drawn_out, as_it_is;
};

/// The two gradients of a random function whose result ends in a function of a sum, or in a quotient or product of two.
Gradients random_gradients(unsigned seed, int variables) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  graph::Recorder r;
  std::vector<Traced> v;
  for (int node : graph::inputs(r, variables)) v.push_back(Traced(r, node));
  for (int k = 0; k < 2 * variables; ++k) {
    const Traced a = v[below(v.size())], b = v[below(v.size())];
    v.push_back(below(4) == 0 ? sin(a) : below(3) == 0 ? a - b : a * b);
  }
  const auto sum = [&](double last) {
    Traced y = last;
    for (int k = 0; k < 3 * variables; ++k) y = y + (0.3 + 0.2 * double(below(8))) * v[below(v.size())];
    return y;
  };
  const Traced y = sum(1), z = square(sum(0)) + 1;
  const Traced result = below(3) == 0 ? exp(sin(y)) : below(2) == 0 ? y / z : y * z;
  const graph::Graph g = graph::extract(r, {result.node(r)});
  return {graph::with_jacobian(g, variables, duet::Mode::reverse),
          graph::with_jacobian(g, variables, duet::Mode::reverse, false, AsIs::disabled)};
}

}  // namespace

TEST_CASE("values stay to the last bit, derivatives but for rounding, and operations do not become more") {
  int fewer = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    const int variables = 2 + static_cast<int>(seed % 7);
    const Gradients g = random_gradients(seed, variables);
    const int before = graph::count(g.as_it_is).total(), after = graph::count(g.drawn_out).total();
    CHECK(after <= before);
    fewer += after < before;
    std::mt19937 random(seed);
    std::vector<double> x;
    for (int k = 0; k < variables; ++k) x.push_back(std::uniform_real_distribution<double>(-1, 1)(random));
    const std::vector<double> y = folded(g.drawn_out, x), expected = folded(g.as_it_is, x);
    REQUIRE(y.size() == expected.size());
    CHECK(y[0] == expected[0]);
    double size = 1;
    for (double e : expected) size = std::max(size, std::abs(e));
    for (std::size_t k = 1; k < y.size(); ++k) CHECK(std::abs(y[k] - expected[k]) <= 1e-13 * size);
  }
  CHECK(fewer > 50);
}

TEST_CASE("a quotient of sums needs the reciprocal once for each derivative") {
  constexpr auto f = [](auto a, auto b) {
    return (3 * a * b + 5 * sin(a) + 7 * cos(b)) / (1 + 3 * a * b + 5 * sin(b) + 7 * cos(a));
  };
  constexpr auto drawn_out = duet::cost<decltype(duet::grad(f)), double, double>;
  constexpr auto as_it_is = duet::cost<decltype(duet::grad<AsIs>(f)), double, double>;
  static_assert(drawn_out.multiplications < as_it_is.multiplications && drawn_out < as_it_is);
  const auto [by_a, by_b] = duet::grad(f)(0.5, 0.25);
  const auto [a, b] = duet::grad<AsIs>(f)(0.5, 0.25);
  CHECK(by_a == doctest::Approx(a).epsilon(1e-14));
  CHECK(by_b == doctest::Approx(b).epsilon(1e-14));
}

TEST_CASE("no factor is drawn out past a choice: what is not taken has derivative zero though the factor is infinite") {
  constexpr auto root = [](auto x) {
    using duet::where;
    return sqrt(where(x > 0, 3 * sin(x) + 5 * x * x, 0 * x));
  };
  CHECK(duet::grad(root)(-1.0) == 0);
  static_assert(duet::cost<decltype(duet::grad(root)), double> == duet::cost<decltype(duet::grad<AsIs>(root)), double>);
}

TEST_CASE("a variable that the result does not depend on has derivative zero though the factor is infinite") {
  constexpr auto f = [](auto a, auto b, auto c) { return sqrt(3 * sin(a) + 5 * exp(a) - 5 * cos(b) + 0 * c); };
  const auto gradient = duet::grad(f)(0.0, 0.0, 1.0);
  CHECK(std::get<0>(gradient) == infinity);
  CHECK(std::get<2>(gradient) == 0);
}

TEST_CASE("where the derivative by what all paths lead through is zero, so is the gradient") {
  constexpr auto f = [](auto a, auto b) { return 0 * exp(3 * sin(a) + 5 * cos(b)); };
  static_assert(duet::grad(f)(1.0, 2.0) == std::tuple(0.0, 0.0));
}
