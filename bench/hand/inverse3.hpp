// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <utility>

#include "../problem/inverse3.hpp"

namespace bench::hand {

/// Value and gradient of bench::Inverse3, the quotient of a weighted sum of cofactors and the determinant.
struct Inverse3 {
  std::pair<double, std::array<double, 9>> operator()(const std::array<double, 9>& a) const {
    constexpr auto& w = bench::Inverse3::weight;
    const double c0 = a[4] * a[8] - a[5] * a[7];
    const double c1 = a[5] * a[6] - a[3] * a[8];
    const double c2 = a[3] * a[7] - a[4] * a[6];
    const double c3 = a[2] * a[7] - a[1] * a[8];
    const double c4 = a[0] * a[8] - a[2] * a[6];
    const double c5 = a[1] * a[6] - a[0] * a[7];
    const double c6 = a[1] * a[5] - a[2] * a[4];
    const double c7 = a[2] * a[3] - a[0] * a[5];
    const double c8 = a[0] * a[4] - a[1] * a[3];
    const double inverse = 1.0 / (a[0] * c0 + a[1] * c1 + a[2] * c2);
    const double f = inverse * (w[0] * c0 + w[3] * c1 + w[6] * c2 + w[1] * c3 + w[4] * c4 + w[7] * c5 + w[2] * c6 +
                                w[5] * c7 + w[8] * c8);
    return {f,
            {inverse * (w[4] * a[8] - w[7] * a[7] - w[5] * a[5] + w[8] * a[4] - f * c0),
             inverse * (w[7] * a[6] - w[1] * a[8] + w[2] * a[5] - w[8] * a[3] - f * c1),
             inverse * (w[1] * a[7] - w[4] * a[6] - w[2] * a[4] + w[5] * a[3] - f * c2),
             inverse * (w[6] * a[7] - w[3] * a[8] + w[5] * a[2] - w[8] * a[1] - f * c3),
             inverse * (w[0] * a[8] - w[6] * a[6] - w[2] * a[2] + w[8] * a[0] - f * c4),
             inverse * (w[3] * a[6] - w[0] * a[7] + w[2] * a[1] - w[5] * a[0] - f * c5),
             inverse * (w[3] * a[5] - w[6] * a[4] - w[4] * a[2] + w[7] * a[1] - f * c6),
             inverse * (w[6] * a[3] - w[0] * a[5] + w[1] * a[2] - w[7] * a[0] - f * c7),
             inverse * (w[0] * a[4] - w[3] * a[3] - w[1] * a[1] + w[4] * a[0] - f * c8)}};
  }
};

}  // namespace bench::hand
