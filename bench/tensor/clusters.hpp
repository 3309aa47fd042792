// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <duet/duet.hpp>
#include <duet/tensor/create.hpp>
#include <duet/tensor/matmul.hpp>
#include <duet/tensor/reduce.hpp>
#include <vector>

#include "../problem/clusters.hpp"

namespace bench {

/// bench::Clusters: the nearest centroids by products of matrices, and what they add to the derivatives by functions of
/// one number that the compiler has differentiated.
class TensorClusters {
 public:
  explicit TensorClusters(const Clusters& problem) : problem_(problem) {
    const std::size_t d = problem.dimensions;
    const std::size_t most = std::max<std::size_t>(16, cached / problem.centroids / 16 * 16);
    for (std::size_t first = 0; first < problem.count(); first += most) {
      const std::size_t count = std::min(most, problem.count() - first);
      Numbers& lot = lots_.emplace_back(duet::ones({d + 1, count}));
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j < d; ++j) {
          lot.data()[j * count + i] = problem.points[(first + i) * d + j];
        }
      }
    }
  }

  double cost(const std::vector<double>& x) const {
    double sum = 0.0;
    each_coordinate(x,
                    [&](std::size_t, double centroid, double point) { sum += SquaredDifference{}(centroid, point); });
    return sum;
  }

  /// The gradient divided by the diagonal of the Hessian, which is all of it: no two coordinates meet in a product.
  std::vector<double> step(const std::vector<double>& x) const {
    constexpr auto slope = duet::grad(SquaredDifference{}, duet::wrt<0>);
    constexpr auto curvature = duet::hessian_diagonal(SquaredDifference{}, duet::wrt<0>);
    std::vector<double> gradient(x.size()), diagonal(x.size());
    each_coordinate(x, [&](std::size_t at, double centroid, double point) {
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

  /// Numbers for which there is a place in the cache.
  static constexpr std::size_t cached = 1 << 16;

  /// Calls f(place, coordinate of the nearest centroid, coordinate) for the coordinates of all points. Nearest is the
  /// centroid c with the least |c|^2 / 2 - c p, half the squared distance from p but for what does not depend on c.
  void each_coordinate(const std::vector<double>& x, const auto& f) const {
    const std::size_t d = problem_.dimensions;
    const double* point = problem_.points.data();
    const Numbers measures = this->measures(x);
    for (const Numbers& lot : lots_) {
      for (const std::ptrdiff_t nearest : duet::argmin(matmul(measures, lot), 0)) {
        const std::size_t at = static_cast<std::size_t>(nearest) * d;
        for (std::size_t j = 0; j < d; ++j) {
          f(at + j, x[at + j], point[j]);
        }
        point += d;
      }
    }
  }

  /// A row (-c, |c|^2 / 2) for each centroid.
  Numbers measures(const std::vector<double>& x) const {
    const std::size_t d = problem_.dimensions;
    Numbers result = Numbers::uninitialized({problem_.centroids, d + 1});
    double* to = result.data();
    for (std::size_t k = 0; k < problem_.centroids; ++k) {
      double norm = 0.0;
      for (std::size_t j = 0; j < d; ++j) {
        norm += square(x[k * d + j]);
        *to++ = -x[k * d + j];
      }
      *to++ = 0.5 * norm;
    }
    return result;
  }

  const Clusters& problem_;
  std::vector<Numbers> lots_;  ///< points as columns (p, 1)
};

}  // namespace bench
