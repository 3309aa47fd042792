// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench::hand {

/// Value and gradient of bench::RosenbrockChain, each term adds to two derivatives.
struct RosenbrockChain {
  double operator()(const std::vector<double>& x, std::vector<double>& gradient) const {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const double a = x[i + 1] - x[i] * x[i];
      const double b = 1.0 - x[i];
      sum += 100.0 * a * a + b * b;
      gradient[i] -= 400.0 * a * x[i] + 2.0 * b;
      gradient[i + 1] += 200.0 * a;
    }
    return sum;
  }
};

}  // namespace bench::hand
