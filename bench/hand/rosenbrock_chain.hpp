// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace bench::hand {

/// Value and gradient of bench::RosenbrockChain, as one would write them down: each term adds to two derivatives.
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

/// The same with each derivative gathered from the two terms that have its number, and the sum in its own loop: twice
/// the arithmetic, but compilers vectorise the gradient.
struct RosenbrockChainGathered {
  double operator()(const std::vector<double>& x, std::vector<double>& gradient) const {
    const std::size_t n = x.size();
    double sum = 0.0;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      const double a = x[i + 1] - x[i] * x[i];
      const double b = 1.0 - x[i];
      sum += 100.0 * a * a + b * b;
    }
    gradient[0] = -400.0 * (x[1] - x[0] * x[0]) * x[0] - 2.0 * (1.0 - x[0]);
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const double before = x[i] - x[i - 1] * x[i - 1];
      const double after = x[i + 1] - x[i] * x[i];
      gradient[i] = 200.0 * before - 400.0 * after * x[i] - 2.0 * (1.0 - x[i]);
    }
    gradient[n - 1] = 200.0 * (x[n - 1] - x[n - 2] * x[n - 2]);
    return sum;
  }
};

}  // namespace bench::hand
