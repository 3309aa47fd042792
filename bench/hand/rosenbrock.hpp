// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::Rosenbrock.
struct Rosenbrock {
  template <std::size_t N>
  std::pair<double, std::array<double, N>> operator()(const std::array<double, N>& x) const {
    std::pair<double, std::array<double, N>> result;
    auto& [sum, gradient] = result;
    sum = 0.0;
    double carry = 0.0;  // what term i - 1 adds to the derivative by x[i]
    for (std::size_t i = 0; i + 1 < N; ++i) {
      const double a = x[i + 1] - x[i] * x[i];
      const double b = 1.0 - x[i];
      const double slope = 200.0 * a;
      sum += 100.0 * a * a + b * b;
      gradient[i] = carry - 2.0 * (slope * x[i] + b);
      carry = slope;
    }
    gradient[N - 1] = carry;
    return result;
  }
};

}  // namespace bench::hand
