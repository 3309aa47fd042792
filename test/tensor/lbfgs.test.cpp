// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The quasi-Newton method on problems whose solutions are known, and its line search by the conditions that define it.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/optim/lbfgs.hpp>
#include <duet/tensor/sum.hpp>

#include "check.hpp"

using duet::Tensor;
namespace optim = duet::optim;

TEST_CASE("Rosenbrock's valley is followed to its end") {
  Tensor<double> a{-1.2}, b{1.0};
  a.requires_grad();
  b.requires_grad();
  int evaluations = 0;
  optim::LBFGS solver(std::vector{a, b}, {.max_iter = 100, .max_eval = 200});
  const double first = solver.step([&] {
    ++evaluations;
    Tensor<double> loss = sum(100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a));
    loss.backward();
    return loss;
  });
  CHECK(first == doctest::Approx(24.2));
  CHECK(a.item() == doctest::Approx(1).epsilon(1e-6));
  CHECK(b.item() == doctest::Approx(1).epsilon(1e-6));
  CHECK(evaluations < 80);  // what good implementations need is about 50
}

TEST_CASE("the extended valley in many dimensions, in several tensors and in calls of few steps") {
  constexpr std::size_t size = 50;
  Tensor<double> first = Tensor<double>::full({size / 2}, -1), second = Tensor<double>::full({5, size / 10}, -1);
  optim::LBFGS solver(std::vector{first, second}, {.tolerance_change = 1e-14});
  const auto closure = [&] {
    std::vector<double> x = first.vector(), slope(size, 0.0);
    for (double element : second.vector()) x.push_back(element);
    double value = 0;
    for (std::size_t i = 0; i + 1 < size; ++i) {
      const double u = x[i + 1] - x[i] * x[i], v = 1 - x[i];
      value += 100 * u * u + v * v;
      slope[i] -= 400 * u * x[i] + 2 * v;
      slope[i + 1] += 200 * u;
    }
    const auto half = slope.begin() + size / 2;
    first.set_grad(check::tensor_of(std::vector(slope.begin(), half), first.shape()));
    second.set_grad(check::tensor_of(std::vector(half, slope.end()), second.shape()));
    return value;
  };
  double loss = 0;
  for (int k = 0; k < 30; ++k) loss = solver.step(closure);
  CHECK(loss < 1e-10);
}

TEST_CASE("a quadratic function of few variables needs few directions") {
  const std::vector<double> curvature{1, 3, 10, 30, 100};
  Tensor<double> x{1, 1, 1, 1, 1};
  optim::LBFGS solver(std::vector{x}, {.max_iter = 30, .max_eval = 60, .tolerance_change = 0});
  solver.step([&] {
    const std::vector<double> at = x.vector();
    std::vector<double> g(5);
    double value = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      value += 0.5 * curvature[i] * at[i] * at[i];
      g[i] = curvature[i] * at[i];
    }
    x.set_grad(check::tensor_of(g, {5}));
    return value;
  });
  for (double element : x.vector()) CHECK(std::abs(element) < 1e-7);
}

TEST_CASE("the line search ends where the strong Wolfe conditions hold, and at what it evaluated last") {
  const auto check = [](const auto& f, const auto& slope, double first) {
    double last = -1;
    const auto at = [&](double t) { return optim::LinePoint{last = t, f(t), slope(t)}; };
    const optim::LinePoint start = at(0);
    REQUIRE(start.slope < 0);
    const optim::LinePoint p = optim::strong_wolfe(start, first, 40, at);
    CHECK(p.step == last);
    CHECK(p.value <= start.value + 1e-4 * p.step * start.slope);
    CHECK(std::abs(p.slope) <= 0.9 * std::abs(start.slope));
  };
  for (const double first : {1e-3, 0.1, 1.0, 30.0, 1e4}) {
    // Moré and Thuente, 1994, test functions 1 and 2; one that ends at a pole; one that oscillates
    check([](double t) { return -t / (t * t + 2); }, [](double t) { return (t * t - 2) / ((t * t + 2) * (t * t + 2)); },
          first);
    check([](double t) { return std::pow(t + 0.004, 5) - 2 * std::pow(t + 0.004, 4); },
          [](double t) { return 5 * std::pow(t + 0.004, 4) - 8 * std::pow(t + 0.004, 3); }, first);
    check([](double t) { return -2 * t - std::log(5 - t); }, [](double t) { return -2 + 1 / (5 - t); }, first);
    check([](double t) { return std::cosh(t - 3) + 0.3 * std::sin(9 * t) - 9 * t; },
          [](double t) { return std::sinh(t - 3) + 2.7 * std::cos(9 * t) - 9; }, first);
  }
}

TEST_CASE("a direction that leads to no lower point leaves the parameters where they were") {
  Tensor<double> x{2.0};
  optim::LBFGS solver(std::vector{x});
  solver.step([&] {
    x.set_grad(Tensor<double>{1.0});
    return -x.item();  // the gradient is wrong
  });
  CHECK(x.item() == 2);
}

TEST_CASE("single precision gets as far as it can") {
  Tensor<float> x{3.0F, -4.0F};
  optim::LBFGS solver(std::vector{x});
  solver.step([&] {
    const float u = x.vector()[0] - 1, v = x.vector()[1] - 2;
    x.set_grad(Tensor<float>{u, 10 * v});
    return 0.5F * u * u + 5 * v * v;
  });
  CHECK(x.vector()[0] == doctest::Approx(1).epsilon(1e-3));
  CHECK(x.vector()[1] == doctest::Approx(2).epsilon(1e-3));
}
