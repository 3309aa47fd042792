// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Sparse Jacobians by the sweeps that their shape asks for.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

#include <duet/sparse.hpp>

TEST_CASE("few rows are found backwards, few columns forwards") {
  const auto sums = [](const auto& x) {
    std::vector<std::remove_cvref_t<decltype(x[0])>> y(2);
    for (std::size_t i = 0; i < x.size(); ++i) y[i % 2] += x[i] * x[i];
    return y;
  };
  const std::vector<double> x(500, 1.5);
  auto plan = duet::sparse_jacobian(sums).plan(x);
  CHECK(!plan.by_columns());
  CHECK(plan.colours() == 1);
  const auto found = plan(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(found.at(i % 2, i) == 3);
    CHECK(found.at(1 - i % 2, i) == 0);
  }
  const auto powers = [](const auto& x) {
    std::vector<std::remove_cvref_t<decltype(x[0])>> y(500, x[0]);
    for (std::size_t i = 1; i < y.size(); ++i) y[i] = y[i - 1] * x[i % 2];
    return y;
  };
  const std::vector<double> two{0.5, 1.5};
  auto thin = duet::sparse_jacobian(powers).plan(two);
  CHECK(thin.by_columns());
  CHECK(thin.pattern().cols() == 2);
  const auto columns = thin(two);
  for (std::size_t i = 0; i < 500; ++i) {  // the powers are 0.5^(1 + i / 2) 1.5^((i + 1) / 2)
    const double a = 1 + static_cast<double>(i / 2), b = static_cast<double>((i + 1) / 2);
    const double y = std::pow(0.5, a) * std::pow(1.5, b);
    CHECK(columns.at(i, 0) == doctest::Approx(a * y / 0.5).epsilon(1e-12));
    CHECK(columns.at(i, 1) == doctest::Approx(b * y / 1.5).epsilon(1e-12));
  }
}

TEST_CASE("rows are found by a sweep each where records don't tell what they read") {
  const auto sums = [](const auto& x) {
    using X = std::remove_cvref_t<decltype(x)>;
    const auto squares = duet::checkpoint([](const X& z) {
      X y(2);
      for (std::size_t i = 0; i < z.size(); ++i) y[i % 2] += z[i] * z[i];
      return y;
    });
    return squares(x);
  };
  const std::vector<double> x{1, 2, 3, 4, 5};
  const auto found = duet::sparse_jacobian<duet::DynamicTape<double>, duet::Mode::reverse>(sums)(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(found.at(i % 2, i) == 2 * x[i]);
    CHECK(found.at(1 - i % 2, i) == 0);
  }
}
