// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <duet/duet.hpp>
#include <duet/tensor/linear.hpp>
#include <duet/tensor/reduce.hpp>
#include <vector>

#include "../problem/clusters.hpp"

namespace bench {

/// bench::Clusters: the nearest centroids by products of matrices, and what they add to the derivatives by functions of
/// one number that the compiler has differentiated.
class TensorClusters {
 public:
  explicit TensorClusters(const Clusters& problem) : problem_(problem) {}

  double cost(const std::vector<double>& centroids) const {
    double sum = 0.0;
    each_coordinate(centroids, [&](std::size_t, double centroid, double point) {
      sum += SquaredDifference{}(centroid, point);
    });
    return sum;
  }

  /// The gradient divided by the diagonal of the Hessian, which is all of it: no two coordinates meet in a product.
  std::vector<double> step(const std::vector<double>& centroids) const {
    constexpr auto slope = duet::grad(SquaredDifference{}, duet::wrt<0>);
    constexpr auto curvature = duet::hessian_diagonal(SquaredDifference{}, duet::wrt<0>);
    std::vector<double> gradient(centroids.size()), diagonal(centroids.size());
    each_coordinate(centroids, [&](std::size_t at, double centroid, double point) {
      gradient[at] += slope(centroid, point);
      diagonal[at] += curvature(centroid, point);
    });
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] /= diagonal[i];
    }
    return gradient;
  }

 private:
  using Numbers = duet::Tensor<double>;

  /// Calls f(place, coordinate of the nearest centroid, coordinate) for the coordinates of all points.
  void each_coordinate(const std::vector<double>& centroids, const auto& f) const {
    const std::size_t d = problem_.dimensions, count = centroids.size() / d;
    Numbers towards = Numbers::uninitialized({count, d});
    std::transform(centroids.begin(), centroids.end(), towards.data(), [](double x) { return -x; });
    const Numbers half_norms = 0.5 * sum(square(towards), 1);
    // as many points at a time as leave their distances in the cache
    const std::size_t most = std::max<std::size_t>(16, 32768 / count);
    for (std::size_t first = 0; first < problem_.count(); first += most) {
      const std::size_t points = std::min(most, problem_.count() - first);
      Numbers some = Numbers::uninitialized({points, d});
      std::copy_n(problem_.points.data() + first * d, points * d, some.data());
      // half the squared distances, but for the points' norms, which are the same for all centroids
      const auto nearest = duet::argmin(linear(some, towards, half_norms), 1);
      for (std::size_t i = 0; i < points; ++i) {
        const std::size_t at = static_cast<std::size_t>(nearest(i)) * d;
        for (std::size_t j = 0; j < d; ++j) {
          f(at + j, centroids[at + j], problem_.points[(first + i) * d + j]);
        }
      }
    }
  }

  const Clusters& problem_;
};

}  // namespace bench
