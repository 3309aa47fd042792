// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Derivatives of roots and fixed points against those of the iterations that find them.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include <duet/duet.hpp>
#include <duet/rule/implicit.hpp>

#include "close.hpp"

namespace {

using duet::Forward, duet::StaticTape, duet::grad, duet::hessian, duet::root, duet::fixed_point;
using Tape = duet::DynamicTape<double>;

#define DUET_POLICIES StaticTape, Forward, Tape

// Kepler's equation E - e sin(E) = M.
constexpr auto kepler = [](auto x, auto e, auto m) { return x - e * sin(x) - m; };
constexpr auto newton = [](auto e, auto m) {
  auto x = m + 0 * e;
  for (int i = 0; i < 8; ++i) x = x - (x - e * sin(x) - m) / (1 - e * cos(x));
  return x;
};
constexpr auto anomaly = root(kepler, newton);

}  // namespace

TEST_CASE_TEMPLATE("the derivatives of a root are those of the iteration, of first and second order", P,
                   DUET_POLICIES) {
  CHECK(anomaly(0.3, 1.2) == newton(0.3, 1.2));
  check_close(grad<P>(anomaly)(0.3, 1.2), grad<P>(newton)(0.3, 1.2));
  check_close(hessian<P>(anomaly)(0.3, 1.2), hessian<P>(newton)(0.3, 1.2));
  constexpr auto f = [](auto e, auto m) { return exp(anomaly(e * m, m)) * e; };
  constexpr auto g = [](auto e, auto m) { return exp(newton(e * m, m)) * e; };
  check_close(grad<P>(f)(0.3, 1.2), grad<P>(g)(0.3, 1.2));
  check_close(hessian<P>(f)(0.3, 1.2), hessian<P>(g)(0.3, 1.2));
}

TEST_CASE("a solver that knows plain numbers only") {
  int calls = 0;
  const auto bisection = [&calls](double a) {  // the square root
    ++calls;
    double low = 0, high = a + 1;
    while (high - low > 1e-15 * high) {
      const double middle = (low + high) / 2;
      if (middle == low || middle == high) break;
      (middle * middle < a ? low : high) = middle;
    }
    return low;
  };
  const auto f = root([](const auto& x, const auto& a) { return x * x - a; }, bisection);
  CHECK(grad<Tape>(f)(4.0) == doctest::Approx(0.25));
  CHECK(calls == 1);
  CHECK(grad<Forward>(f)(4.0) == doctest::Approx(0.25));
  CHECK(hessian<Tape>(f)(4.0)(0, 0) == doctest::Approx(-1.0 / 32));
  CHECK(duet::derivative<2, Forward>(f)(4.0) == doctest::Approx(-1.0 / 32));
  CHECK(duet::derivative<3, Forward>(f)(4.0) == doctest::Approx(3.0 / 256));
}

TEST_CASE_TEMPLATE("a fixed point", P, DUET_POLICIES) {
  constexpr auto step = [](auto x, auto a) { return cos(a * x); };
  constexpr auto iterate = [](auto a) {
    auto x = 0.7 + 0 * a;
    for (int i = 0; i < 60; ++i) x = cos(a * x);
    return x;
  };
  constexpr auto f = fixed_point(step, iterate);
  CHECK(grad<P>(f)(0.6) == doctest::Approx(grad<P>(iterate)(0.6)));
  CHECK(grad<P>(grad<P>(f))(0.6) == doctest::Approx(duet::derivative<2, Forward>(iterate)(0.6)));
}

TEST_CASE("a parameter that is a vector") {
  const auto f = root([](const auto& x, const auto& p) { return x * x * x * p[0] + x * p[1] - p[2]; },
                      [](const auto& p) {
                        double x = 1;
                        for (int i = 0; i < 50; ++i) {
                          x -= (x * x * x * p[0] + x * p[1] - p[2]) / (3 * x * x * p[0] + p[1]);
                        }
                        return x;
                      });
  const std::vector<double> p{1, 2, 3};  // x = 1, slope 5
  const auto g = grad<Tape>(f)(p);
  CHECK(g[0] == doctest::Approx(-0.2));
  CHECK(g[1] == doctest::Approx(-0.2));
  CHECK(g[2] == doctest::Approx(0.2));
}
