// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>
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

  /// The same with each value of the polynomial as one sum.
  template <class Loop>
  MappedLeastSquares<Loop> mapped() const {
    return {*this};
  }
};

/// What a coefficient and a power add.
struct Product {
  constexpr auto operator()(const auto& x, const auto& y) const { return x * y; }
};

template <class Loop>
struct MappedLeastSquares {
  LeastSquares problem;

  template <class T>
  T operator()(const std::vector<T>& x) const {
    std::vector<double> powers(x.size());
    T sum(0.0);
    for (std::size_t i = 0; i < problem.points; ++i) {
      const double t = problem.point(i);
      double power = 1.0;
      for (double& to : powers) {
        to = power;
        power *= t;
      }
      const T fit = Loop::sum(Product{}, std::span(x), std::span<const double>(powers));
      sum += square(LeastSquares::sign(t) - fit);
    }
    return 0.5 * sum;
  }
};

}  // namespace bench
