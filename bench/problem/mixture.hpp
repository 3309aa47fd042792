// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <vector>

#include "log_sum_exp.hpp"
#include "square.hpp"

namespace bench {

/// GradBench's `gmm`: the logarithm of the posterior density, but for a constant, of a mixture of normal distributions
/// after some points were seen, with a Wishart prior of the inverse covariances Q' Q.
///
/// The variables of all components, in this order: logarithms `alpha` of the weights, up to a common factor; means
/// `mu`; logarithms `q` of the diagonals of the lower triangular Q; what is below these diagonals, `l`, column by
/// column.
struct Mixture {
  std::size_t dimensions, components;
  std::vector<double> points;  ///< coordinates of one after those of another
  double gamma;                ///< the prior's precision
  int freedom;                 ///< its degrees of freedom beyond dimensions + 1

  std::size_t count() const { return points.size() / dimensions; }
  /// How many numbers below the diagonal.
  std::size_t below() const { return dimensions * (dimensions - 1) / 2; }
  std::size_t variables() const { return components * (1 + 2 * dimensions + below()); }

  /// The parts of the variables.
  template <class T>
  struct Parts {
    std::span<T> alpha, mu, q, l;
  };
  template <class T>
  Parts<T> parts(std::span<T> x) const {
    const std::size_t k = components, kd = k * dimensions;
    return {x.subspan(0, k), x.subspan(k, kd), x.subspan(k + kd, kd), x.subspan(k + 2 * kd)};
  }

  template <class T>
  T operator()(const std::vector<T>& x) const {
    using std::exp;
    const std::size_t d = dimensions;
    const auto [alpha, mu, q, l] = parts(std::span<const T>(x));
    std::vector<T> diagonal(q.size(), T(0.0)), log_determinant(components, T(0.0));
    for (std::size_t i = 0; i < q.size(); ++i) {
      diagonal[i] = exp(q[i]);
      log_determinant[i / d] += q[i];
    }

    T sum(0.0);
    std::vector<T> terms(components, T(0.0)), y(d, T(0.0));
    for (std::size_t i = 0; i < count(); ++i) {
      for (std::size_t k = 0; k < components; ++k) {
        // y = Q (point - mu)
        const T* below_diagonal = l.data() + k * below();
        std::fill(y.begin(), y.end(), T(0.0));
        for (std::size_t column = 0; column < d; ++column) {
          const T centred = points[i * d + column] - mu[k * d + column];
          y[column] += diagonal[k * d + column] * centred;
          for (std::size_t row = column + 1; row < d; ++row) {
            y[row] += *below_diagonal++ * centred;
          }
        }
        terms[k] = alpha[k] + log_determinant[k] - 0.5 * squared_norm(std::span<const T>(y));
      }
      sum += LogSumExp{}(terms);
    }
    const T log_weights = LogSumExp{}(std::vector<T>(alpha.begin(), alpha.end()));
    const T prior = 0.5 * square(gamma) * (squared_norm(std::span<const T>(diagonal)) + squared_norm(l));
    for (const T& one : log_determinant) {
      sum += static_cast<double>(freedom) * one;
    }
    return sum - static_cast<double>(count()) * log_weights - prior + constant();
  }

  /// What does not depend on the variables.
  double constant() const {
    const auto n = static_cast<double>(count()), d = static_cast<double>(dimensions),
               k = static_cast<double>(components);
    const double degrees = d + freedom + 1;
    // the multivariate gamma function: https://dlmf.nist.gov/35.3
    double log_gamma = 0.25 * d * (d - 1) * std::log(std::numbers::pi);
    for (std::size_t j = 0; j < dimensions; ++j) {
      log_gamma += std::lgamma(0.5 * (degrees - static_cast<double>(j)));
    }
    const double of_prior = degrees * d * (std::log(gamma) - 0.5 * std::numbers::ln2) - log_gamma;
    return k * of_prior - 0.5 * n * d * std::log(2 * std::numbers::pi);
  }

 private:
  template <class T>
  static T squared_norm(std::span<const T> x) {
    T sum(0.0);
    for (const T& one : x) {
      sum += square(one);
    }
    return sum;
  }
};

}  // namespace bench
