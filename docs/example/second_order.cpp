// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Second derivatives, and Taylor coefficients.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>
#include <vector>

// Rosenbrock's function
constexpr auto valley = [](const auto& x) { return 100 * square(x[1] - square(x[0])) + square(1 - x[0]); };
constexpr std::array minimum{1.0, 1.0};

// the Hessian, and all that an optimiser asks for, in one sweep
constexpr auto all = duet::value_grad_hessian(valley)(minimum);
static_assert(std::get<0>(all) == 0);
static_assert(std::get<1>(all) == std::array{0.0, 0.0});
static_assert(std::get<2>(all).elements == std::array{802.0, -400.0, -400.0, 200.0});
static_assert(duet::hessian(valley)(minimum) == std::get<2>(all));

// its diagonal, in the structure of the input, and its product with a direction
static_assert(duet::hessian_diagonal(valley)(minimum) == std::array{802.0, 200.0});
static_assert(duet::hvp(valley, minimum, std::array{1.0, 2.0}) == std::array{2.0, 0.0});

// Gauss and Newton: residuals instead of their sum of squares, and J' J in place of the Hessian
constexpr auto residuals = [](const auto& x) { return std::array{10 * (x[1] - square(x[0])), 1 - x[0]}; };
static_assert(duet::gauss_newton_product(residuals, minimum, std::array{1.0, 2.0}) == std::array{1.0, 0.0});

// ... and with a loss of what a model gives: J' H J
constexpr auto loss = [](const auto& y) { return square(y[0]) + square(y[1]); };
static_assert(duet::gauss_newton_product(loss, residuals, minimum, std::array{1.0, 2.0}) == std::array{2.0, 0.0});

// Taylor coefficients of t -> f(x + t v)
constexpr auto c = duet::taylor<4>([](auto t) { return 1 / (1 - t); }, 0.0, 1.0);
static_assert(c == std::array{1.0, 1.0, 1.0, 1.0, 1.0});
constexpr auto line = duet::taylor<2>(valley, minimum, std::array{1.0, 2.0});
static_assert(line == std::array{0.0, 0.0, 1.0});  // v' H v / 2 = 1

// Series are numbers: a function of them is a function of t up to some power.
using Series = duet::Series<double, 5>;
constexpr Series t = Series::variable(0.0);
constexpr Series solution = duet::sqrt(1 + t) / (1 - t);
static_assert(solution.coefficient(0) == 1 && solution.coefficient(1) == 1.5);

int main() {
  // sizes that are known at run time only
  const auto squares = [](const auto& x) {
    auto sum = 0 * x[0];
    for (const auto& each : x) sum += sin(each) * each;
    return sum;
  };
  const std::vector x{0.0, 1.0, 2.0};
  const auto [value, gradient, hessian] = duet::value_grad_hessian<duet::Forward>(squares)(x);
  const auto diagonal = duet::hessian_diagonal(squares)(x);
  bool same = gradient[0] == 0 && std::abs(value - std::sin(1.0) - 2 * std::sin(2.0)) < 1e-15;
  for (std::size_t i = 0; i < 3; ++i) same = same && std::abs(hessian(i, i) - diagonal[i]) < 1e-15;

  // derivatives of high order
  const auto sixth = duet::derivative<6, duet::Forward>([](auto u) { return exp(2 * u); })(0.0);
  same = same && std::abs(sixth - 64) < 1e-12;
  std::puts(same ? "as they should be" : "something is wrong");
  return same ? 0 : 1;
}
