// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace bench::hand {

/// Value and gradient of bench::LogSumExp: the gradient is the softmax.
struct LogSumExp {
  double operator()(const std::vector<double>& x, std::vector<double>& gradient) const {
    const double greatest = *std::max_element(x.begin(), x.end());
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = std::exp(x[i] - greatest);
      sum += gradient[i];
    }
    for (double& slope : gradient) {
      slope /= sum;
    }
    return std::log(sum) + greatest;
  }
};

}  // namespace bench::hand
