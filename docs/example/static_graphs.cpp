// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Static graphs and expressions.

#include <array>
#include <cstddef>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/expr/print.hpp>
#include <string>

// A callable without state is traced: loops, arrays and in-place updates are fine.
constexpr auto norm2 = [](const auto& x) {
  auto sum = x[0] * x[0];
  for (std::size_t i = 1; i < x.size(); ++i) sum += x[i] * x[i];
  return sum;
};
static_assert(duet::grad(norm2)(std::array{1.0, 2.0, 3.0}) == std::array{2.0, 4.0, 6.0});

// Its graph is a constant of the program: 3 inputs, 3 squares, 2 sums.
static_assert(duet::graph_of<decltype(norm2), std::array<double, 3>>.size() == 8);

// A callable with state is called with expressions; what it captured may change from call to call.
double scaled_slope(double scale, double at) {
  const auto g = [scale](auto x) { return scale * x * x; };
  return duet::grad(g)(at);  // 2 scale x
}

// An expression is a graph that is written down.
using duet::operator""_c;
constexpr auto x = duet::arg<0>;
constexpr auto y = duet::arg<1>;
constexpr auto e = log(x) + x * y - sin(y);

static_assert(e(1.0, 0.0) == 0.0);
static_assert(duet::same(diff(e, x), y + 1_c / x));
static_assert(duet::same(diff(e, y), x - cos(y)));
static_assert(duet::same(diff(x * x, x), 2_c * x));
static_assert(std::is_empty_v<decltype(e)>);

bool formulas() {
  return to_string(e) == "log(x0) + x0 * x1 - sin(x1)" &&  //
         to_string(diff(e, x), {"x", "y"}) == "y + 1 / x" && to_latex(diff(e, x), {"x", "y"}) == "y + \\frac{1}{x}";
}

// The graph of a function can be printed, too; to_dot draws it.
bool graphs() {
  constexpr auto f = [](auto a, auto b) { return exp(a) * b; };
  const auto& graph = duet::graph_of<decltype(duet::grad(f))>;
  std::printf("%s\n", duet::to_dot(graph, {"a", "b"}).c_str());
  return duet::to_string(graph, {"a", "b"}) == "[b * exp(a), exp(a)]";
}

// A branch that is part of the graph.
constexpr auto huber = [](auto r) {
  using duet::where;
  return where(r * r < 1, r * r / 2, abs(r) - 0.5);
};
static_assert(duet::derivative(huber)(0.5) == 0.5);
static_assert(duet::derivative(huber)(-3.0) == -1);

int main() {
  const bool right = scaled_slope(3, 2) == 12 && formulas() && graphs();
  return right ? 0 : 1;
}
