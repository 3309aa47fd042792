// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "../problem/clusters.hpp"
#include "protocol.hpp"
#include "rows.hpp"

namespace bench {

struct KmeansInput {
  Clusters problem;
  std::vector<double> centroids;
};

inline void from_json(const json& message, KmeansInput& input) {
  input.problem.dimensions = message.at("points").at(0).size();
  input.problem.points = joined_rows(message.at("points"));
  input.centroids = joined_rows(message.at("centroids"));
}

/// The step of Newton's method that is subtracted from the centroids.
struct KmeansStep {
  std::size_t centroids = 0;
  std::vector<double> numbers;
};

inline void to_json(json& message, const KmeansStep& step) { message = rows_of(step.numbers, step.centroids); }

/// The cost and Newton's step as they are written down. The Hessian is diagonal, so the diagonal is its product with
/// ones.
template <class Tool>
class KmeansByTool {
 public:
  explicit KmeansByTool(const Clusters& problem) : problem_(problem) {}

  double cost(const std::vector<double>& centroids) const {
    const std::vector<std::size_t> nearest = problem_.nearest(centroids);
    return KnownClusters{problem_, nearest}(centroids);
  }
  std::vector<double> step(const std::vector<double>& centroids) {
    const std::vector<std::size_t> nearest = problem_.nearest(centroids);
    const std::vector<double> ones(centroids.size(), 1.0);
    std::vector<double> gradient(centroids.size()), diagonal(centroids.size());
    tool_->gradient_and_product(KnownClusters{problem_, nearest}, centroids, ones, gradient, diagonal);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] /= diagonal[i];
    }
    return gradient;
  }

 private:
  const Clusters& problem_;
  std::unique_ptr<Tool> tool_ = std::make_unique<Tool>();
};

/// GradBench's `kmeans`: bench::Clusters by `Form`, which has members `cost(centroids)` and `step(centroids)`.
template <class Form>
Module kmeans_by() {
  return {"kmeans",
          {function<KmeansInput>("cost",
                                 [](const KmeansInput& input) {
                                   return [&x = input.centroids, form = Form(input.problem)]() mutable {
                                     return form.cost(x);
                                   };
                                 }),
           function<KmeansInput>("dir", [](const KmeansInput& input) {
             return [&x = input.centroids, form = Form(input.problem), d = input.problem.dimensions]() mutable {
               return KmeansStep{x.size() / d, form.step(x)};
             };
           })}};
}

template <class Tool>
Module kmeans() {
  return kmeans_by<KmeansByTool<Tool>>();
}

}  // namespace bench
