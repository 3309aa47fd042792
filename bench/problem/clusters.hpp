// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "square.hpp"

namespace bench {

/// What a coordinate of a point adds to the squared distance from a centroid.
struct SquaredDifference {
  constexpr auto operator()(const auto& centroid, const auto& point) const { return square(centroid - point); }
};

/// GradBench's `kmeans`: the sum of the squared distances of points from the nearest of some centroids, the variables.
struct Clusters {
  std::size_t dimensions, centroids;
  std::vector<double> points;  ///< coordinates of one after those of another

  std::size_t count() const { return points.size() / dimensions; }

  /// The centroid that is nearest to each point.
  std::vector<std::size_t> nearest(const std::vector<double>& x) const {
    std::vector<std::size_t> result(count());
    for (std::size_t i = 0; i < count(); ++i) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t k = 0; k < centroids; ++k) {
        double distance = 0.0;
        for (std::size_t j = 0; j < dimensions; ++j) {
          distance += square(x[k * dimensions + j] - points[i * dimensions + j]);
        }
        if (distance < least) {
          least = distance;
          result[i] = k;
        }
      }
    }
    return result;
  }
};

/// bench::Clusters where it is known which centroid is nearest to each point. That does not change in a neighbourhood,
/// so this has the same derivatives.
struct KnownClusters {
  const Clusters& clusters;
  const std::vector<std::size_t>& nearest;

  template <class T>
  T operator()(const std::vector<T>& x) const {
    T sum(0.0);
    const std::size_t d = clusters.dimensions;
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      for (std::size_t j = 0; j < d; ++j) {
        const T difference = x[nearest[i] * d + j] - clusters.points[i * d + j];
        sum += square(difference);
      }
    }
    return sum;
  }
};

}  // namespace bench
