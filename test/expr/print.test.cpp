// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Expressions as formulas.

#include <doctest/doctest.h>

#include <duet/duet.hpp>
#include <duet/expr/print.hpp>

namespace {

constexpr auto x = duet::arg<0>;
constexpr auto y = duet::arg<1>;
constexpr auto e = log(x) + x * y - sin(y);

}  // namespace

TEST_CASE("expressions and their derivatives as text") {
  CHECK(duet::to_string(e) == "log(x0) + x0 * x1 - sin(x1)");
  CHECK(to_string(e, {"x", "y"}) == "log(x) + x * y - sin(y)");
  CHECK(to_string(diff(e, x), {"x", "y"}) == "y + 1 / x");
  CHECK(to_string(diff(e, y), {"x", "y"}) == "x - cos(y)");
  CHECK(to_string(duet::diff(duet::diff(square(x), x), x)) == "2");
  CHECK(to_string(x < y || x == y) == "x0 < x1 || x0 == x1");
}

TEST_CASE("captured values are printed as the numbers they are") {
  double a = 0.1;
  const auto line = a * x + 2;
  CHECK(to_string(line) == "2 + 0.1 * x0");
}

TEST_CASE("the graph of a function and of its gradient") {
  constexpr auto f = [](auto x1, auto x2) {
    const auto sum = log(x1) + x1;  // in the same order under every compiler
    return sum * x2 - sin(x2);
  };
  CHECK(duet::to_string(duet::graph_of<decltype(f)>, {"x1", "x2"}) == "x2 * (x1 + log(x1)) - sin(x2)");
  CHECK(duet::to_string(duet::graph_of<decltype(duet::grad(f))>, {"x1", "x2"}) ==
        "[x2 + x2 * (1 / x1), x1 + log(x1) - cos(x2)]");
}

TEST_CASE("expressions as LaTeX and DOT") {
  CHECK(duet::to_latex(diff(e, x)) == "x_{1} + \\frac{1}{x_{0}}");
  CHECK(duet::to_dot(e).find("label=\"log\"") != std::string::npos);
}
