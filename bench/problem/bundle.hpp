// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace bench {

/// How Bundle turns a point about the axis that a rotation vector points along, by an angle that is its length.
struct Turn {
  template <class T>
  constexpr std::array<T, 3> operator()(const std::array<T, 3>& rotation, const std::array<T, 3>& point) const {
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T angle = sqrt(rotation[0] * rotation[0] + rotation[1] * rotation[1] + rotation[2] * rotation[2]);
    const T c = cos(angle);
    const T s = sin(angle);
    const T inverse = 1.0 / angle;
    const std::array<T, 3> axis{rotation[0] * inverse, rotation[1] * inverse, rotation[2] * inverse};
    const std::array<T, 3> across = vector_product(axis, point);
    const T along = (axis[0] * point[0] + axis[1] * point[1] + axis[2] * point[2]) * (1.0 - c);
    return {point[0] * c + across[0] * s + axis[0] * along, point[1] * c + across[1] * s + axis[1] * along,
            point[2] * c + across[2] * s + axis[2] * along};
  }

  template <class T>
  static constexpr std::array<T, 3> vector_product(const std::array<T, 3>& a, const std::array<T, 3>& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  }
};

/// The same to first order, as where the rotation is zero, which has no axis.
struct SmallTurn {
  template <class T>
  constexpr std::array<T, 3> operator()(const std::array<T, 3>& rotation, const std::array<T, 3>& point) const {
    const std::array<T, 3> across = Turn::vector_product(rotation, point);
    return {point[0] + across[0], point[1] + across[1], point[2] + across[2]};
  }
};

/// ADBench's bundle-adjustment residual: a camera of 11 numbers (rotation vector, centre, focal length, principal
/// point, two radial distortions), a point in space, a weight, and the image point where the camera saw it.
///
/// ADBench branches on a rotation of exactly zero. A graph that is recorded once cannot follow a branch on a value, and
/// SIMD lanes cannot either, so that there is a formula for each branch; bench/bundle/residual.hpp shows one that is
/// right for all rotations.
template <class Rotation>
struct BundleOf {
  template <class T, class S>
  constexpr std::array<T, 2> operator()(const std::array<T, 11>& camera, const std::array<T, 3>& point, const T& weight,
                                        const std::array<S, 2>& feature) const {
    const std::array<T, 3> rotation{camera[0], camera[1], camera[2]};
    const std::array<T, 3> offset{point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]};
    const std::array<T, 3> seen = Rotation{}(rotation, offset);
    const T x = seen[0] / seen[2];
    const T y = seen[1] / seen[2];
    const T square = x * x + y * y;
    const T scale = camera[6] * (1.0 + camera[9] * square + camera[10] * square * square);
    return {weight * (scale * x + camera[7] - feature[0]), weight * (scale * y + camera[8] - feature[1])};
  }
};
using Bundle = BundleOf<Turn>;
using UnturnedBundle = BundleOf<SmallTurn>;

/// An observation as a function of 15 numbers, those of the camera, the point and the weight, with ADBench's branch.
struct Observed {
  static constexpr std::size_t inputs = 15;
  std::array<double, 2> feature;

  template <class T>
  std::array<T, 2> operator()(const std::vector<T>& x) const {
    const std::array<T, 11> camera{x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10]};
    return at(camera, std::array<T, 3>{x[11], x[12], x[13]}, x[14], feature);
  }

  template <class T>
  static std::array<T, 2> at(const std::array<T, 11>& camera, const std::array<T, 3>& point, const T& weight,
                             const std::array<double, 2>& feature) {
    return is_turned(camera) ? Bundle{}(camera, point, weight, feature)
                             : UnturnedBundle{}(camera, point, weight, feature);
  }

  template <class T>
  static bool is_turned(const std::array<T, 11>& camera) {
    return camera[0] != 0.0 || camera[1] != 0.0 || camera[2] != 0.0;
  }
};

/// By how much a weight is wrong.
struct WeightError {
  template <class T>
  constexpr T operator()(const std::array<T, 1>& w) const {
    return 1.0 - w[0] * w[0];
  }
};

}  // namespace bench
