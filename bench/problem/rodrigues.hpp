// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>

#include "vector.hpp"

namespace bench {

/// A point p turned about an axis (the direction of `rotation` w) by an angle t (its length, not zero), seen along a
/// fixed direction d: cos(t) p.d + sin(t) / t w.(p x d) + (1 - cos(t)) / t^2 (w.p) (w.d), by Rodrigues' formula.
struct Rodrigues {
  static constexpr std::array<double, 3> direction{0.48, -0.6, 0.64};

  template <class T>
  constexpr T operator()(const std::array<T, 3>& rotation, const std::array<T, 3>& point) const {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T square = dot(rotation, rotation);
    const T angle = sqrt(square);
    const T c = cos(angle);
    return c * dot(point, direction) + sin(angle) / angle * dot(rotation, cross(point, direction)) +
           (1.0 - c) / square * dot(rotation, point) * dot(rotation, direction);
  }
};

}  // namespace bench
