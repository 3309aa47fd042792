// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <utility>

namespace bench::hand {

/// Value and gradient of bench::Det3: the gradient is the matrix of cofactors.
struct Det3 {
  std::pair<double, std::array<double, 9>> operator()(const std::array<double, 9>& a) const {
    const double c0 = a[4] * a[8] - a[5] * a[7];
    const double c1 = a[5] * a[6] - a[3] * a[8];
    const double c2 = a[3] * a[7] - a[4] * a[6];
    return {a[0] * c0 + a[1] * c1 + a[2] * c2,
            {c0, c1, c2, a[2] * a[7] - a[1] * a[8], a[0] * a[8] - a[2] * a[6], a[1] * a[6] - a[0] * a[7],
             a[1] * a[5] - a[2] * a[4], a[2] * a[3] - a[0] * a[5], a[0] * a[4] - a[1] * a[3]}};
  }
};

}  // namespace bench::hand
