// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <tuple>
#include <utility>

#include "../problem/vector.hpp"

namespace bench::hand {

/// Value and gradient of bench::LennardJones: the forces on the two particles are opposite.
struct LennardJones {
  using Vector = std::array<double, 3>;

  std::pair<double, std::tuple<Vector, Vector>> operator()(const Vector& p, const Vector& q) const {
    const Vector d{p[0] - q[0], p[1] - q[1], p[2] - q[2]};
    const double inverse = 1.0 / dot(d, d);
    const double attraction = inverse * inverse * inverse;
    const double slope = (24.0 - 48.0 * attraction) * attraction * inverse;
    const Vector by_p{slope * d[0], slope * d[1], slope * d[2]};
    return {4.0 * (attraction * attraction - attraction), {by_p, Vector{-by_p[0], -by_p[1], -by_p[2]}}};
  }
};

}  // namespace bench::hand
