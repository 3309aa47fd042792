// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "../problem/vector.hpp"

namespace bench::hand {

/// Value and Jacobian (2x15, row by row: camera, point, weight) of bench::Bundle.
struct Bundle {
  using Vector = std::array<double, 3>;

  std::pair<std::array<double, 2>, std::array<double, 30>> operator()(const std::array<double, 11>& camera,
                                                                      const Vector& point, double weight,
                                                                      const std::array<double, 2>& feature) const {
    // The rotation is c X + a w x X + b (w.X) w, with a = sin(t)/t and b = (1 - cos(t))/t^2.
    const Vector w{camera[0], camera[1], camera[2]};
    const Vector offset{point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]};
    const double square_angle = dot(w, w);
    const double angle = std::sqrt(square_angle);
    const double inverse_angle = 1.0 / square_angle;
    const double c = std::cos(angle);
    const double a = std::sin(angle) * angle * inverse_angle;
    const double b = (1.0 - c) * inverse_angle;
    const double along = dot(w, offset);
    const double bx = b * along;
    const Vector across = cross(w, offset);
    const double inverse = 1.0 / (c * offset[2] + a * across[2] + bx * w[2]);
    const double x = (c * offset[0] + a * across[0] + bx * w[0]) * inverse;
    const double y = (c * offset[1] + a * across[1] + bx * w[1]) * inverse;
    const double square = x * x + y * y;
    const double distortion = 1.0 + square * (camera[9] + square * camera[10]);
    const double scale = camera[6] * distortion;
    const std::array<double, 2> miss{scale * x + camera[7] - feature[0], scale * y + camera[8] - feature[1]};

    // The derivatives by x and y, then by the turned point, then by the rotation vector.
    const double focal = weight * camera[6];
    const double diagonal = focal * distortion;
    const double bend = 2.0 * focal * (camera[9] + 2.0 * square * camera[10]);
    const double xx = (diagonal + bend * x * x) * inverse;
    const double xy = bend * x * y * inverse;
    const double yy = (diagonal + bend * y * y) * inverse;
    const std::array<Vector, 2> rows{Vector{xx, xy, -(xx * x + xy * y)}, Vector{xy, yy, -(xy * x + yy * y)}};
    const double da = (c - a) * inverse_angle;
    const double db = (a - 2.0 * b) * inverse_angle * along;
    const Vector g{da * across[0] + db * w[0] - a * offset[0], da * across[1] + db * w[1] - a * offset[1],
                   da * across[2] + db * w[2] - a * offset[2]};

    std::pair<std::array<double, 2>, std::array<double, 30>> result;
    auto& [value, jacobian] = result;
    value = {weight * miss[0], weight * miss[1]};
    for (std::size_t i = 0; i < 2; ++i) {
      const Vector& e = rows[i];
      const double u = i == 0 ? x : y;
      double* row = jacobian.data() + 15 * i;
      const double eg = dot(e, g);
      const double bew = b * dot(e, w);
      const Vector by_rotation = cross(offset, e);
      const Vector by_point = cross(e, w);
      for (std::size_t k = 0; k < 3; ++k) {
        row[k] = eg * w[k] + a * by_rotation[k] + bx * e[k] + bew * offset[k];
        row[11 + k] = c * e[k] + a * by_point[k] + bew * w[k];
        row[3 + k] = -row[11 + k];
      }
      row[6] = weight * distortion * u;
      row[7] = i == 0 ? weight : 0.0;
      row[8] = i == 0 ? 0.0 : weight;
      row[9] = focal * square * u;
      row[10] = square * row[9];
      row[14] = miss[i];
    }
    return result;
  }
};

}  // namespace bench::hand
