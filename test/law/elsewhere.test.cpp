// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Derivatives that some library is known to give wrongly, each with what is right (docs/edge_values.md lists them).
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <duet/duet.hpp>

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
using Point = std::array<double, 2>;

/// Calls `check` with a function that gives gradients, for each policy.
void on_every_path(auto f, const auto& check) {
  check(duet::grad<duet::Forward>(f));
  check(duet::grad<duet::StaticTape>(f));
  check(duet::grad<duet::DynamicTape>(f));
}

/// Checks the derivative of a function of one number on every path.
void check_slope(auto f, double at, double expected) {
  on_every_path(f, [&](const auto& grad) { CHECK(grad(at) == expected); });
}
/// Checks both derivatives of a function of two numbers.
void check_slopes(auto f, Point at, Point expected) {
  on_every_path(f, [&](const auto& grad) {
    const auto [da, db] = grad(at[0], at[1]);
    CHECK(da == expected[0]);
    CHECK(db == expected[1]);
  });
}
/// Checks a second derivative, through all pairs of modes that nest.
void check_curvature(auto f, double at, double expected) {
  CHECK(duet::derivative<2>(f)(at) == expected);
  CHECK(duet::hessian<duet::Forward>(f)(at)(0, 0) == expected);
  CHECK(duet::hessian<duet::StaticTape>(f)(at)(0, 0) == expected);
  CHECK(duet::hessian<duet::DynamicTape>(f)(at)(0, 0) == expected);
}

/// What `auto` variables and results hold of an expression, after the call that made it.
constexpr auto square_by_auto = [](const auto& x) {
  const auto twice = x + x;
  const auto half = twice * 0.5;
  return half * half;
};

}  // namespace

TEST_CASE("powers at zero (autodiff, CoDiPack, XAD, Stan, Eigen, Enzyme, clad)") {
  check_slopes([](auto x, auto y) { return pow(x, y); }, {0, 1}, {1, 0});
  check_slopes([](auto x, auto y) { return pow(x, y); }, {0, 0}, {0, 0});
  check_slopes([](auto x, auto y) { return pow(x, y); }, {0, 2}, {0, 0});
  check_slope([](auto x) { return pow(x, 0.0); }, 0, 0);
  check_slope([](auto x) { return pow(x, 1.0); }, 0, 1);
  check_slope([](auto x) { return pow(x, 0.5); }, 0, inf);
  check_curvature([](auto x) { return pow(x, 2.0); }, 0, 2);
  CHECK(duet::jvp([](auto x) { return pow(x, 0.0); }, std::tuple(0.0), std::tuple(1.0)).first == 1);
}

TEST_CASE("roots of zero (Enzyme, CoDiPack, Stan: 0), and of squares that are zero (PyTorch, JAX: NaN)") {
  check_slope([](auto x) { return sqrt(x); }, 0, inf);
  check_slope([](auto x) { return cbrt(x); }, 0, inf);
  CHECK(duet::grad<duet::StaticTape>([](auto x) { return sqrt(x * x); })(0.0) == 0);
  check_slopes([](auto x, auto y) { return hypot(x, y); }, {0, 0}, {0, 0});
}

TEST_CASE("curvature of a distance (autodiff)") {
  const auto h = duet::hessian([](auto x, auto y) { return hypot(x, y); })(3.0, 4.0);
  CHECK(h(0, 0) == doctest::Approx(16.0 / 125).epsilon(1e-15));
  CHECK(h(0, 1) == doctest::Approx(-12.0 / 125).epsilon(1e-15));
  CHECK(h(1, 1) == doctest::Approx(9.0 / 125).epsilon(1e-15));
}

TEST_CASE("remainders by the quotient that is cut, not rounded down (clad), and at all (XAD)") {
  check_slopes([](auto x, auto y) { return fmod(x, y); }, {-7, 3}, {1, 2});
  check_slopes([](auto x, auto y) { return fmod(x, y); }, {7, 3}, {1, -2});
  check_slopes([](auto x, auto y) { return fmod(x, y); }, {7, -3}, {1, 2});
}

TEST_CASE("ties: the same for numbers and variables, whatever their order (CoDiPack, clad, Adept, Stan)") {
  check_slope([](auto x) { return max(x, x); }, 1, 1);
  check_slope([](auto x) { return min(x, x); }, 1, 1);
  check_slope([](auto x) { return max(x, 1.0); }, 1, 0.5);
  check_slope([](auto x) { return max(1.0, x); }, 1, 0.5);
  check_slopes([](auto x, auto y) { return max(x, y); }, {1, 1}, {0.5, 0.5});
  check_slope([](auto x) { return abs(x); }, 0, 0);  // JAX, Eigen, Enzyme, clad: 1
}

TEST_CASE("small derivatives are not dropped (Boost)") {
  check_slope([](auto x) { return 1e-30 * x; }, 2, 1e-30);
  check_slope([](auto x) { return 1e200 * (1e-200 * x); }, 2, 1e200 * 1e-200);
  check_slopes([](auto x, auto y) { return x + 1e-20 * y; }, {1, 1}, {1, 1e-20});
}

TEST_CASE("expressions that auto holds (autodiff, Adept)") {
  check_slope(square_by_auto, 2, 4);
  std::vector<double> slopes;
  on_every_path([](auto x) { return square_by_auto(square_by_auto(x)); },
                [&](const auto& grad) { slopes.push_back(grad(2.0)); });
  CHECK(slopes == std::vector<double>{32, 32, 32});
}

TEST_CASE("infinite derivatives of what does not move (Ceres, CppAD, ADOL-C: NaN)") {
  check_slope([](auto x) { return sqrt(0 * x) + x; }, 1, 1);
  check_slopes([](auto x, auto y) { return where(x > 0, sqrt(x), y); }, {0, 3}, {0, 1});
  CHECK(duet::jvp([](auto x, auto y) { return sqrt(x) + y; }, std::tuple(0.0, 1.0), std::tuple(0.0, 1.0)).second == 1);
}

TEST_CASE("derivatives of derivatives keep their variables apart (some of ForwardDiff, and duals without tags)") {
  const auto outer = [](auto x) { return x * duet::derivative<1>([x](auto y) { return x + y; })(1.0); };
  CHECK(duet::derivative<1>(outer)(1.0) == 1);
}
