// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The hand-written gradients that Duet is measured against are right: they agree with differences.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <vector>

#include "../../bench/hand/bundle.hpp"
#include "../../bench/kernels.hpp"
#include "../../bench/points.hpp"
#include "../../bench/problem/bundle.hpp"

namespace {

/// Central differences of fourth order in long double, far more exact than the double gradients they check.
template <class Problem, class Point>
std::vector<double> differences(const Problem& problem, const Point& at) {
  const auto point = bench::cast<long double>(at);
  const auto shifted = [&](std::size_t which, long double step) {
    auto moved = point;
    std::size_t i = 0;
    bench::each_number(moved, [&](long double& x) { x += i++ == which ? step : 0.0L; });
    return std::apply(problem, moved);
  };
  std::vector<double> gradient(bench::numbers(at).size());
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    constexpr long double step = 1e-4L;
    const long double near = shifted(i, step) - shifted(i, -step);
    const long double far = shifted(i, 2 * step) - shifted(i, -2 * step);
    gradient[i] = static_cast<double>((8 * near - far) / (12 * step));
  }
  return gradient;
}

TEST_CASE("hand-written values and gradients agree with the problem and its differences") {
  bench::each_kernel([](const auto& kernel) {
    CAPTURE(kernel.name);
    for (const auto& point : bench::points_between(kernel.low, kernel.high, 50)) {
      const auto [value, gradient] = std::apply(kernel.hand, point);
      CHECK(value == doctest::Approx(std::apply(kernel.problem, point)).epsilon(1e-13));
      const std::vector<double> by_hand = bench::numbers(gradient);
      const std::vector<double> expected = differences(kernel.problem, point);
      REQUIRE(by_hand.size() == expected.size());
      double largest = 1;
      for (const double x : expected) {
        largest = std::max(largest, std::abs(x));
      }
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(std::abs(by_hand[i] - expected[i]) < 1e-11 * largest);
      }
    }
  });
}

TEST_CASE("the Jacobian of the bundle residual by hand agrees with differences") {
  for (const auto& point : bench::points_between(bench::bundle_low, bench::bundle_high, 50)) {
    const auto [value, jacobian] = std::apply(bench::hand::Bundle{}, point);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto residual = [i](const auto&... x) { return bench::Bundle{}(x...)[i]; };
      CHECK(value[i] == doctest::Approx(std::apply(residual, point)).epsilon(1e-12));
      const std::vector<double> expected = differences(residual, point);
      for (std::size_t j = 0; j < 15; ++j) {
        CHECK(jacobian[15 * i + j] == doctest::Approx(expected[j]).epsilon(1e-10));
      }
    }
  }
}

}  // namespace
