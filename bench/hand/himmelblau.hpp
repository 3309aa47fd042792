// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::Himmelblau.
struct Himmelblau {
  std::pair<double, std::tuple<double, double>> operator()(double x, double y) const {
    const double a = x * x + y - 11.0;
    const double b = x + y * y - 7.0;
    return {a * a + b * b, {4.0 * a * x + 2.0 * b, 2.0 * a + 4.0 * b * y}};
  }
};

}  // namespace bench::hand
