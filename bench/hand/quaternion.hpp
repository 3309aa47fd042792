// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include "../problem/quaternion.hpp"

namespace bench::hand {

/// Value and gradient of bench::Quaternion: with r = 2 (p q - target), the gradients are r q* and p* r.
struct Quaternion {
  using Four = std::array<double, 4>;

  std::pair<double, std::tuple<Four, Four>> operator()(const Four& p, const Four& q) const {
    constexpr auto& t = bench::Quaternion::target;
    const Four d{p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3] - t[0],
                 p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2] - t[1],
                 p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1] - t[2],
                 p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0] - t[3]};
    const Four r{2.0 * d[0], 2.0 * d[1], 2.0 * d[2], 2.0 * d[3]};
    return {d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + d[3] * d[3],
            {Four{r[0] * q[0] + r[1] * q[1] + r[2] * q[2] + r[3] * q[3],
                  r[1] * q[0] - r[0] * q[1] - r[2] * q[3] + r[3] * q[2],
                  r[2] * q[0] - r[0] * q[2] + r[1] * q[3] - r[3] * q[1],
                  r[3] * q[0] - r[0] * q[3] - r[1] * q[2] + r[2] * q[1]},
             Four{p[0] * r[0] + p[1] * r[1] + p[2] * r[2] + p[3] * r[3],
                  p[0] * r[1] - p[1] * r[0] - p[2] * r[3] + p[3] * r[2],
                  p[0] * r[2] + p[1] * r[3] - p[2] * r[0] - p[3] * r[1],
                  p[0] * r[3] - p[1] * r[2] + p[2] * r[1] - p[3] * r[0]}}};
  }
};

}  // namespace bench::hand
