// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../problem/least_squares.hpp"

namespace bench::hand {

/// Value and gradient of bench::LeastSquares.
class LeastSquares {
 public:
  explicit LeastSquares(const bench::LeastSquares& problem) : problem_(problem) {}

  double operator()(const std::vector<double>& x, std::vector<double>& gradient) {
    const std::size_t terms = x.size();
    powers_.resize(terms);
    std::fill(gradient.begin(), gradient.end(), 0.0);
    double sum = 0.0;
    for (std::size_t i = 0; i < problem_.points; ++i) {
      const double t = problem_.point(i);
      double residual = bench::LeastSquares::sign(t);
      double power = 1.0;
      for (std::size_t j = 0; j < terms; ++j) {
        powers_[j] = power;
        residual -= x[j] * power;
        power *= t;
      }
      sum += residual * residual;
      for (std::size_t j = 0; j < terms; ++j) {
        gradient[j] -= residual * powers_[j];
      }
    }
    return 0.5 * sum;
  }

 private:
  bench::LeastSquares problem_;
  std::vector<double> powers_;
};

}  // namespace bench::hand
