// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "../problem/chain6.hpp"

namespace bench::hand {

/// Value and gradient of bench::Chain6: a joint turns every link behind it.
struct Chain6 {
  std::pair<double, std::array<double, 6>> operator()(const std::array<double, 6>& joint) const {
    constexpr auto& length = bench::Chain6::length;
    constexpr auto& target = bench::Chain6::target;
    std::array<double, 6> dx;
    std::array<double, 6> dy;
    double angle = 0.0;
    double x = -target[0];
    double y = -target[1];
    for (std::size_t i = 0; i < 6; ++i) {
      angle += joint[i];
      dx[i] = length[i] * std::cos(angle);
      dy[i] = length[i] * std::sin(angle);
      x += dx[i];
      y += dy[i];
    }
    std::array<double, 6> gradient;
    double sum = 0.0;
    for (std::size_t i = 6; i-- > 0;) {
      sum += y * dx[i] - x * dy[i];
      gradient[i] = 2.0 * sum;
    }
    return {x * x + y * y, gradient};
  }
};

}  // namespace bench::hand
