// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <tuple>
#include <utility>

#include "../problem/rodrigues.hpp"

namespace bench::hand {

/// Value and gradient of bench::Rodrigues; what stands before p.d, w.(p x d) and (w.p) (w.d) depends on w by its square
/// alone.
struct Rodrigues {
  using Vector = std::array<double, 3>;

  std::pair<double, std::tuple<Vector, Vector>> operator()(const Vector& w, const Vector& p) const {
    constexpr auto& d = bench::Rodrigues::direction;
    const double square = dot(w, w);
    const double angle = std::sqrt(square);
    const double inverse = 1.0 / square;
    const double c = std::cos(angle);
    const double a = std::sin(angle) * angle * inverse;
    const double b = (1.0 - c) * inverse;
    const double pd = dot(p, d);
    const double wp = dot(w, p);
    const double wd = dot(w, d);
    const auto by_w = cross(p, d);
    const auto by_p = cross(d, w);
    const double triple = dot(w, by_w);
    const double bwp = b * wp;
    const double bwd = b * wd;
    const double k = ((c - a) * triple + (a - 2.0 * b) * wp * wd) * inverse - a * pd;
    return {c * pd + a * triple + bwp * wd,
            {Vector{a * by_w[0] + bwd * p[0] + bwp * d[0] + k * w[0], a * by_w[1] + bwd * p[1] + bwp * d[1] + k * w[1],
                    a * by_w[2] + bwd * p[2] + bwp * d[2] + k * w[2]},
             Vector{c * d[0] + a * by_p[0] + bwd * w[0], c * d[1] + a * by_p[1] + bwd * w[1],
                    c * d[2] + a * by_p[2] + bwd * w[2]}}};
  }
};

}  // namespace bench::hand
