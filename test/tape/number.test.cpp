// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tapes of other numbers than double: float, duals and variables (second derivatives), and duals of variables.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/record.hpp>

namespace {

using doctest::Approx;
using duet::Dual, duet::Var, duet::DynamicTape;

/// A function with all that matters for second derivatives: products, quotients, functions, choices, passive numbers.
const auto f = [](const auto& x, const auto& w) {
  using std::sin, std::exp, std::sqrt;
  auto y = x * w - 2 * x / w;
  if (x < w) y = y * sin(x) + 3;
  y += exp(-w * w) * x * x * x;
  return y * y * w + sqrt(x * w);
};
using Row = std::array<double, 2>;
using Square = std::array<Row, 2>;
constexpr std::array<Row, 3> points{{{0.7, 1.3}, {2, 0.5}, {1.1, 1.2}}};

/// By duals of duals.
Square hessian(const Row& at) {
  using D = Dual<Dual<double>>;
  Square h;
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const auto variable = [&](std::size_t k) {
        return D(Dual<double>(at[k], k == j ? 1 : 0), Dual<double>(k == i ? 1.0 : 0.0));
      };
      const D y = f(variable(0), variable(1));
      h[i][j] = y.tangent().tangent();
    }
  }
  return h;
}
Row gradient(const Row& at) {
  using D = Dual<double, 2>;
  const D y = f(D::variable(at[0], 0), D::variable(at[1], 1));
  return {y.tangent(0), y.tangent(1)};
}

void check(const Square& h, const Square& expected) {
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 2; ++j) CHECK(h[i][j] == Approx(expected[i][j]).epsilon(1e-12));
  }
}

}  // namespace

TEST_CASE("a tape of float computes in float") {
  DynamicTape<float> tape;
  const Var<float> x = tape.variable(0.7f), w = tape.variable(1.3f);
  const Var<float> y = f(x, w);
  static_assert(std::same_as<decltype(y.primal()), const float&>);
  CHECK(y.primal() == Approx(f(0.7, 1.3)).epsilon(1e-5));
  tape.backward(y);
  const Row g = gradient({0.7, 1.3});
  CHECK(x.grad() == Approx(g[0]).epsilon(1e-5));
  CHECK(w.grad() == Approx(g[1]).epsilon(1e-5));
  const Var<float> z = x * 2.0 + 1;  // a double beside it does not widen it
  tape.zero_grad();
  tape.backward(z);
  CHECK(x.grad() == 2);
}

TEST_CASE("tapes of different numbers are active side by side") {
  DynamicTape<float> floats;
  DynamicTape<double> doubles;
  const Var<float> a = floats.variable(2);
  const Var<double> b = doubles.variable(3);
  const Var<float> c = a * a;
  const Var<double> d = b * b;
  floats.backward(c);
  doubles.backward(d);
  CHECK(a.grad() == 4);
  CHECK(b.grad() == 6);
}

TEST_CASE("a tape of duals: a sweep gives the gradient and the Hessian times the tangents") {
  for (const Row& at : points) {
    using D = Dual<double, 2>;
    DynamicTape<D> tape;
    const Var<D> x = tape.variable(D::variable(at[0], 0)), w = tape.variable(D::variable(at[1], 1));
    const Var<D> y = f(x, w);
    tape.backward(y);
    const Row g = gradient(at);
    CHECK(x.grad().primal() == Approx(g[0]).epsilon(1e-12));
    CHECK(w.grad().primal() == Approx(g[1]).epsilon(1e-12));
    check({{{x.grad().tangent(0), x.grad().tangent(1)}, {w.grad().tangent(0), w.grad().tangent(1)}}}, hessian(at));
  }
}

TEST_CASE("a tape of duals takes duals as plain numbers") {
  using D = Dual<double>;
  DynamicTape<D> tape;
  const Var<D> x = tape.variable(D(3, 1));
  const D factor(2, 5);
  const Var<D> y = x * factor + 1 - factor / x;
  tape.backward(y);
  // dy/dx = factor + factor / x^2, and its derivative along the tangents
  CHECK(x.grad().primal() == Approx(2 + 2.0 / 9));
  CHECK(x.grad().tangent() == Approx(5 + 5.0 / 9 - 2 * 2.0 / 27));
}

TEST_CASE("a dual of variables: the tangent is recorded, and a sweep differentiates it") {
  for (const Row& at : points) {
    Square h;
    for (std::size_t i = 0; i < 2; ++i) {
      DynamicTape<double> tape;
      const Var<double> x = tape.variable(at[0]), w = tape.variable(at[1]);
      using D = Dual<Var<double>>;
      const D y = f(D(x, i == 0 ? 1 : 0), D(w, i == 1 ? 1 : 0));
      CHECK(y.primal().primal() == Approx(f(at[0], at[1])));
      CHECK(y.tangent().primal() == Approx(gradient(at)[i]).epsilon(1e-12));
      tape.backward(y.tangent());
      h[i] = {x.grad(), w.grad()};
    }
    check(h, hessian(at));
  }
}

TEST_CASE("a tape of variables: the sweep is recorded by the tape below, and its gradient is the Hessian") {
  for (const Row& at : points) {
    DynamicTape<double> below;
    const Var<double> a = below.variable(at[0]), b = below.variable(at[1]);
    Square h;
    Var<double> slopes[2];
    {
      DynamicTape<Var<double>> tape;
      const Var<Var<double>> x = tape.variable(a), w = tape.variable(b);
      const Var<Var<double>> y = f(x, w);
      CHECK(y.primal().primal() == Approx(f(at[0], at[1])));
      tape.backward(y);
      slopes[0] = x.grad(), slopes[1] = w.grad();
    }
    const Row g = gradient(at);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(slopes[i].primal() == Approx(g[i]).epsilon(1e-12));
      below.zero_grad();
      below.backward(slopes[i]);
      h[i] = {a.grad(), b.grad()};
    }
    check(h, hessian(at));
  }
}

TEST_CASE("three levels: the third derivative of x^5 by a tape of variables of duals") {
  using D = Dual<double>;
  using V = Var<D>;
  DynamicTape<D> below;
  const V a = below.variable(D(2, 1));
  DynamicTape<V> tape;
  const Var<V> x = tape.variable(a);
  const Var<V> y = x * x * x * x * x;
  tape.backward(y);
  const V slope = x.grad();
  CHECK(slope.primal().primal() == 80);
  below.backward(slope);
  CHECK(a.grad().primal() == 160);
  CHECK(a.grad().tangent() == 240);
}

TEST_CASE("edge values pass through all levels: a branch not taken spoils no second derivative") {
  using D = Dual<double>;
  DynamicTape<D> tape;
  const Var<D> x = tape.variable(D(0, 1));
  const Var<D> y = where(x > 0, sqrt(x), x * x) + max(sqrt(x), x + 1);
  tape.backward(y);
  CHECK(x.grad().primal() == 1);
  CHECK(x.grad().tangent() == 2);
}

TEST_CASE("passive numbers of a tape of variables may be active below") {
  DynamicTape<double> below;
  const Var<double> a = below.variable(3);
  DynamicTape<Var<double>> tape;
  const Var<Var<double>> x = tape.variable(2.0);
  const Var<Var<double>> y = x * x * a + a * a;
  tape.backward(y);
  const Var<double> slope = x.grad();  // 2 x a
  CHECK(slope.primal() == 12);
  below.backward(slope);
  CHECK(a.grad() == 4);
  // the same passive number twice, another one in between
  const Var<double> b = below.variable(3);
  Var<Var<double>> z = x;
  for (int i = 0; i < 6; ++i) z = z * (i % 2 ? a : b);
  tape.zero_grad();
  tape.backward(z);
  below.zero_grad();
  below.backward(Var<double>(x.grad()));
  CHECK(x.grad().primal() == 729);
  CHECK(a.grad() == 729);
  CHECK(b.grad() == 729);
}
