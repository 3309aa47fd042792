// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's kmeans: Duet's program, and the problem as it is written down, answer as the golden tool does.

#include <duet/duet.hpp>
#include <utility>

#include "../../bench/gradbench/kmeans.hpp"
#include "../../bench/tensor/clusters.hpp"
#include "golden.hpp"

namespace {

using bench::json;

const json input = json::parse(
    R"({"points": [[0.68, 0.2], [0.94, 0.69], [0.97, 0.89], [0.3, 0.36], [0.17, 0.15], [0.07, 0.3], [0.6, 0.0]],
"centroids": [[0.68, 0.34], [0.9, 0.8], [0.2, 0.3]]})");

// What GradBench's golden tool, which has derivatives by hand, answers.
const json cost = json::parse(R"(0.22220000000000004)");
const json dir = json::parse(
    R"([[0.040000000000000036, 0.24000000000000002], [-0.05499999999999994, 0.010000000000000009], [0.01999999999999999,
0.02999999999999997]])");

/// The transforms as a tool.
struct Transforms {
  void gradient_and_product(const auto& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) const {
    gradient = duet::grad<duet::DynamicTape>(problem)(x);
    product = duet::hvp<duet::DynamicTape>(problem, x, direction);
  }
};

TEST_CASE("kmeans with tensors agrees with the golden tool") {
  const bench::Tool tool("duet", {bench::kmeans_by<bench::TensorClusters>()});
  check_answer(tool, "kmeans", "cost", input, cost);
  check_answer(tool, "kmeans", "dir", input, dir);
}

TEST_CASE("kmeans as it is written down agrees with the golden tool") {
  const bench::Tool tool("plain", {bench::kmeans<Transforms>()});
  check_answer(tool, "kmeans", "cost", input, cost);
  check_answer(tool, "kmeans", "dir", input, dir);
}

TEST_CASE("kmeans with tensors finds the same centroids where points go through in several lots") {
  bench::Clusters problem{3, 2000, {}};
  for (std::size_t i = 0; i < 100 * 3; ++i) problem.points.push_back(std::sin(static_cast<double>(i * i)));
  std::vector<double> x;
  for (std::size_t i = 0; i < 2000 * 3; ++i) x.push_back(std::cos(1.7 * static_cast<double>(i * i)));
  const bench::TensorClusters by_tensors(problem);
  bench::KmeansByTool<Transforms> plain(problem);
  CHECK(by_tensors.cost(x) == doctest::Approx(plain.cost(x)).epsilon(1e-12));
  const std::vector<double> a = by_tensors.step(x), b = plain.step(x);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool is_empty = std::isnan(b[i]);  // no point is nearest to this one
    CHECK(is_empty == std::isnan(a[i]));
    if (!is_empty) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-12));
  }
}

}  // namespace
