// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>

#include "vector.hpp"

namespace bench {

/// A point turned about an axis (the direction of `rotation`) by an angle (its length, not zero), seen along a fixed
/// direction.
struct Rodrigues {
  static constexpr std::array<double, 3> direction{0.48, -0.6, 0.64};

  template <class T>
  constexpr T operator()(const std::array<T, 3>& rotation, const std::array<T, 3>& point) const {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T angle = sqrt(dot(rotation, rotation));
    const std::array<T, 3> axis{rotation[0] / angle, rotation[1] / angle, rotation[2] / angle};
    const T c = cos(angle);
    const T s = sin(angle);
    const T along = dot(axis, point) * (1.0 - c);
    const auto across = cross(axis, point);
    const std::array<T, 3> turned{point[0] * c + across[0] * s + axis[0] * along,
                                  point[1] * c + across[1] * s + axis[1] * along,
                                  point[2] * c + across[2] * s + axis[2] * along};
    return dot(turned, direction);
  }
};

}  // namespace bench
