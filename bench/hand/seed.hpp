// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <tuple>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::Seed.
struct Seed {
  std::pair<double, std::tuple<double, double>> operator()(double x1, double x2) const {
    return {std::log(x1) + x1 * x2 - std::sin(x2), {1.0 / x1 + x2, x1 - std::cos(x2)}};
  }
};

}  // namespace bench::hand
