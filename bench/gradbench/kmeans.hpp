// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "../problem/clusters.hpp"
#include "../tool.hpp"
#include "protocol.hpp"
#include "rows.hpp"

namespace bench {

struct KmeansInput {
  Clusters problem;
  std::vector<double> x;
};

inline void from_json(const json& message, KmeansInput& input) {
  input.problem.dimensions = message.at("points").at(0).size();
  input.problem.points = joined_rows(message.at("points"));
  input.problem.centroids = message.at("centroids").size();
  input.x = joined_rows(message.at("centroids"));
}

/// The step of Newton's method that is subtracted from the centroids.
struct KmeansStep {
  std::size_t centroids = 0;
  std::vector<double> numbers;
};

inline void to_json(json& message, const KmeansStep& step) { message = rows_of(step.numbers, step.centroids); }

/// The cost and Newton's step as they are written down. The Hessian is diagonal, so the diagonal is its product with
/// ones.
template <multiplies_hessians<KnownClusters> Tool>
class KmeansByTool {
 public:
  explicit KmeansByTool(const Clusters& problem) : problem_(problem) {}

  double cost(const std::vector<double>& x) const {
    const std::vector<std::size_t> nearest = problem_.nearest(x);
    return KnownClusters{problem_, nearest}(x);
  }
  std::vector<double> step(const std::vector<double>& x) {
    const std::vector<std::size_t> nearest = problem_.nearest(x);
    const std::vector<double> ones(x.size(), 1.0);
    std::vector<double> gradient(x.size()), diagonal(x.size());
    tool_->gradient_and_product(KnownClusters{problem_, nearest}, x, ones, gradient, diagonal);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] /= diagonal[i];
    }
    return gradient;
  }

 private:
  const Clusters& problem_;
  std::unique_ptr<Tool> tool_ = std::make_unique<Tool>();
};

/// GradBench's `kmeans`: bench::Clusters by `Form`, which has members `cost(x)` and `step(x)`.
template <class Form>
Module kmeans_by() {
  return {"kmeans",
          {function<KmeansInput>("cost",
                                 [](const KmeansInput& input) {
                                   return [&x = input.x, form = Form(input.problem)]() mutable { return form.cost(x); };
                                 }),
           function<KmeansInput>("dir", [](const KmeansInput& input) {
             return [&input, form = Form(input.problem)]() mutable {
               return KmeansStep{input.problem.centroids, form.step(input.x)};
             };
           })}};
}

template <multiplies_hessians<KnownClusters> Tool>
Module kmeans() {
  return kmeans_by<KmeansByTool<Tool>>();
}

}  // namespace bench
