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

// many through few: neither columns nor rows are the cheapest way to this Jacobian
constexpr auto waist = [](const auto& x) {
  const auto p = x[0] * x[1] * x[2] * x[3], q = exp(sin(p) * x[0]);
  return std::array{p * q, p / q, p + q, sin(q)};
};
using Four = std::array<double, 4>;
template <duet::Mode M>
constexpr int operations = duet::cost<decltype(duet::jacobian_by<M>(waist)), Four>.total();
using duet::Mode;
static_assert(operations<Mode::relative_markowitz> < operations<Mode::forward>);
static_assert(operations<Mode::relative_markowitz> < operations<Mode::reverse>);
static_assert(duet::cost<decltype(duet::jacobian(waist)), Four>.total() <= operations<Mode::relative_markowitz>);

int main() {
  std::printf("forward %d, reverse %d, Markowitz %d, relative Markowitz %d operations\n", operations<Mode::forward>,
              operations<Mode::reverse>, operations<Mode::markowitz>, operations<Mode::relative_markowitz>);
  std::printf("%d operations, with the gradient %d\n", cost.total(), duet::cost<decltype(both)>.total());
}
