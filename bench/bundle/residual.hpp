// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <duet/op/piecewise.hpp>

#include "../problem/vector.hpp"

namespace bal {

/// Where a camera sees a point: turn it by the rotation vector w, shift it, divide by the depth (the camera looks along
/// -z), distort, scale. The residual is this minus what was observed, so this has the residual's Jacobian: 12 inputs,
/// 2 outputs.
struct Projection {
  template <class T>
  constexpr std::array<T, 2> operator()(const std::array<T, 9>& camera, const std::array<T, 3>& point) const {
    const auto turned = rotate(std::array<T, 3>{camera[0], camera[1], camera[2]}, point);
    const T depth = -(turned[2] + camera[5]);
    const T x = (turned[0] + camera[3]) / depth;
    const T y = (turned[1] + camera[4]) / depth;
    const T square = x * x + y * y;
    const T scale = camera[6] * (1.0 + square * (camera[7] + square * camera[8]));
    return {scale * x, scale * y};
  }

 private:
  /// R X = X + sin(t)/t w x X + (1 - cos(t))/t^2 w x (w x X), where t = |w|. The factors tend to 1 and 1/2 at t = 0,
  /// but 0/0 gets in the way: for small angles take their series, exact to the last bit there, and keep the other side,
  /// which is evaluated too, away from zero.
  template <class T>
  static constexpr std::array<T, 3> rotate(const std::array<T, 3>& w, const std::array<T, 3>& point) {
    using duet::where;
    using std::cos;
    using std::sin;
    using std::sqrt;
    const T square = bench::dot(w, w);
    const auto small = square < 1e-5;
    const T safe = where(small, 1.0, square);
    const T angle = sqrt(safe);
    const T a = where(small, 1.0 - square * (1.0 / 6 - square * (1.0 / 120)), sin(angle) / angle);
    const T b = where(small, 0.5 - square * (1.0 / 24 - square * (1.0 / 720)), (1.0 - cos(angle)) / safe);
    const auto once = bench::cross(w, point);
    const auto twice = bench::cross(w, once);
    return {point[0] + a * once[0] + b * twice[0], point[1] + a * once[1] + b * twice[1],
            point[2] + a * once[2] + b * twice[2]};
  }
};

}  // namespace bal
