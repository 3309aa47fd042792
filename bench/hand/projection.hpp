// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "../problem/vector.hpp"

namespace bench::hand {

/// Value and Jacobian (2x12, row by row) of bal::Projection.
struct Projection {
  using Vector = std::array<double, 3>;

  std::pair<std::array<double, 2>, std::array<double, 24>> operator()(const std::array<double, 9>& camera,
                                                                      const Vector& point) const {
    const Vector w{camera[0], camera[1], camera[2]};
    const Rotation r(dot(w, w));
    const Vector once = cross(w, point);
    const Vector twice = cross(w, once);
    const double inverse = -1.0 / (point[2] + r.a * once[2] + r.b * twice[2] + camera[5]);
    const double x = (point[0] + r.a * once[0] + r.b * twice[0] + camera[3]) * inverse;
    const double y = (point[1] + r.a * once[1] + r.b * twice[1] + camera[4]) * inverse;
    const double focal = camera[6];
    const double square = x * x + y * y;
    const double distortion = 1.0 + square * (camera[7] + square * camera[8]);
    const double scale = focal * distortion;
    const double bend = 2.0 * focal * (camera[7] + 2.0 * square * camera[8]);

    // The derivatives by x and y, then by the point in the camera's frame.
    const double xx = scale + bend * x * x;
    const double xy = bend * x * y;
    const double yy = scale + bend * y * y;
    const std::array<Vector, 2> rows{Vector{xx * inverse, xy * inverse, (xx * x + xy * y) * inverse},
                                     Vector{xy * inverse, yy * inverse, (xy * x + yy * y) * inverse}};

    std::pair<std::array<double, 2>, std::array<double, 24>> result;
    auto& [value, jacobian] = result;
    value = {scale * x, scale * y};
    const double along = dot(w, point);
    const Vector g{r.da * once[0] + r.db * twice[0] - 2.0 * r.b * point[0],
                   r.da * once[1] + r.db * twice[1] - 2.0 * r.b * point[1],
                   r.da * once[2] + r.db * twice[2] - 2.0 * r.b * point[2]};
    for (std::size_t i = 0; i < 2; ++i) {
      const Vector& e = rows[i];
      const double u = i == 0 ? x : y;
      double* row = jacobian.data() + 12 * i;
      const double eg = dot(e, g);
      const double bew = r.b * dot(e, w);
      const double bwx = r.b * along;
      const Vector by_rotation = cross(point, e);
      const Vector by_point = cross(e, w);
      for (std::size_t k = 0; k < 3; ++k) {
        row[k] = eg * w[k] + r.a * by_rotation[k] + bwx * e[k] + bew * point[k];
        row[3 + k] = e[k];
        row[9 + k] = r.c * e[k] + r.a * by_point[k] + bew * w[k];
      }
      row[6] = distortion * u;
      row[7] = focal * square * u;
      row[8] = square * row[7];
    }
    return result;
  }

 private:
  /// cos(t), a = sin(t)/t, b = (1 - cos(t))/t^2, and a'/t, b'/t, from the square of the angle t.
  struct Rotation {
    explicit Rotation(double square) {
      if (square < 1e-5) {
        a = 1.0 - square * (1.0 / 6 - square * (1.0 / 120));
        b = 0.5 - square * (1.0 / 24 - square * (1.0 / 720));
        c = 1.0 - b * square;
        da = square * (1.0 / 30) - 1.0 / 3;
        db = square * (1.0 / 180) - 1.0 / 12;
      } else {
        const double angle = std::sqrt(square);
        const double inverse = 1.0 / square;
        c = std::cos(angle);
        a = std::sin(angle) * angle * inverse;
        b = (1.0 - c) * inverse;
        da = (c - a) * inverse;
        db = (a - 2.0 * b) * inverse;
      }
    }
    double a, b, c, da, db;
  };
};

}  // namespace bench::hand
