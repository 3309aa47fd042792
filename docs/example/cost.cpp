// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What functions and derivatives cost, known to the compiler.

#include <array>
#include <cstdio>
#include <duet/duet.hpp>

constexpr auto f = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };

// operations by kind
constexpr auto cost = duet::cost<decltype(f)>;
static_assert(cost.additions == 2 && cost.multiplications == 1 && cost.transcendentals == 2);
static_assert(cost.total() == 5);

// the gradient alone is cheaper than the function here: x2 + 1 / x1 and x1 - cos(x2)
constexpr auto gradient = duet::grad(f);
static_assert(duet::cost<decltype(gradient)>.total() == 4);

// with the value it shares what it can
constexpr auto both = duet::value_and_grad(f);
static_assert(duet::cost<decltype(both)> <= 2 * cost);

// a promise that a later change can't break unnoticed
constexpr auto rosenbrock = [](const auto& x) {
  auto sum = 0 * x[0];
  for (std::size_t i = 0; i + 1 < x.size(); ++i) sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  return sum;
};
using Point = std::array<double, 20>;
constexpr auto slope = duet::grad(rosenbrock);
static_assert(duet::cost<decltype(slope), Point> <= 3 * duet::cost<decltype(rosenbrock), Point>);

int main() { std::printf("%d operations, with the gradient %d\n", cost.total(), duet::cost<decltype(both)>.total()); }
