// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>

#include "vector.hpp"

namespace bench {

/// ADBench's bundle-adjustment residual: a camera of 11 numbers (rotation vector, centre, focal length, principal
/// point, two radial distortions), a point in space, a weight, and the image point where the camera saw it.
///
/// ADBench branches on a rotation of exactly zero. A graph that is recorded once cannot follow a branch on a value, and
/// SIMD lanes cannot either, so the benchmark keeps to the general formula; bench/bundle/residual.hpp shows the safe
/// one.
struct Bundle {
  template <class T, class S>
  constexpr std::array<T, 2> operator()(const std::array<T, 11>& camera, const std::array<T, 3>& point, const T& weight,
                                        const std::array<S, 2>& feature) const {
    const std::array<T, 3> rotation{camera[0], camera[1], camera[2]};
    const std::array<T, 3> offset{point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]};
    const auto seen = rotate(rotation, offset);
    const T x = seen[0] / seen[2];
    const T y = seen[1] / seen[2];
    const T square = x * x + y * y;
    const T scale = camera[6] * (1.0 + camera[9] * square + camera[10] * square * square);
    return {weight * (scale * x + camera[7] - feature[0]), weight * (scale * y + camera[8] - feature[1])};
  }

 private:
  template <class T>
  static constexpr std::array<T, 3> rotate(const std::array<T, 3>& rotation, const std::array<T, 3>& point) {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T angle = sqrt(dot(rotation, rotation));
    const T c = cos(angle);
    const T s = sin(angle);
    const T inverse = 1.0 / angle;
    const std::array<T, 3> axis{rotation[0] * inverse, rotation[1] * inverse, rotation[2] * inverse};
    const auto across = cross(axis, point);
    const T along = dot(axis, point) * (1.0 - c);
    return {point[0] * c + across[0] * s + axis[0] * along, point[1] * c + across[1] * s + axis[1] * along,
            point[2] * c + across[2] * s + axis[2] * along};
  }
};

}  // namespace bench
