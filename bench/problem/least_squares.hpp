// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "square.hpp"

namespace bench {

template <class Loop>
struct MappedLeastSquares;

/// GradBench's `llsq`: half the sum of squared distances between the polynomial with coefficients x and the sign of t,
/// at points t spread evenly over [-1, 1].
struct LeastSquares {
  std::size_t points;

  static double sign(double t) { return t < 0 ? -1.0 : t > 0 ? 1.0 : 0.0; }

  double point(std::size_t i) const { return 2.0 * static_cast<double>(i) / static_cast<double>(points - 1) - 1.0; }

  template <class T>
  T operator()(const std::vector<T>& x) const {
    T sum(0.0);
    for (std::size_t i = 0; i < points; ++i) {
      const double t = point(i);
      T residual(sign(t));
      double power = 1.0;
      for (const T& coefficient : x) {
        residual -= coefficient * power;
        power *= t;
      }
      sum += square(residual);
    }
    return 0.5 * sum;
  }

  /// The same by Horner's scheme, a recurrence for each point.
  template <class Loop>
  MappedLeastSquares<Loop> mapped() const {
    return {*this};
  }
};

/// A step of Horner's scheme.
struct HornerStep {
  constexpr auto operator()(const auto& value, const auto& coefficient, const auto& t) const {
    return value * t + coefficient;
  }
};

/// What a point adds.
struct SquaredDistance {
  constexpr auto operator()(const auto& fit, const auto& sign) const { return square(sign - fit); }
};

template <class Loop>
struct MappedLeastSquares {
  LeastSquares problem;

  template <class Row>
  auto operator()(const Row& x) const {
    std::vector<double> points(problem.points), signs(problem.points);
    for (std::size_t i = 0; i < problem.points; ++i) {
      points[i] = problem.point(i);
      signs[i] = LeastSquares::sign(points[i]);
    }
    const auto fit = Loop::fold_back(HornerStep{}, 0.0, x, points);
    return 0.5 * Loop::sum(SquaredDistance{}, fit, signs);
  }
};

}  // namespace bench
