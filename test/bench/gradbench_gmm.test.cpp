// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's gmm: Duet's program, and the problem as it is written down, answer as the golden tool does.

#include "../../bench/dynamic/duet.hpp"
#include "../../bench/gradbench/gmm.hpp"
#include "../../bench/tensor/mixture.hpp"
#include "golden.hpp"

namespace {

using bench::json;

const json input = json::parse(
    R"({"d": 3, "k": 2, "n": 5, "m": 1, "gamma": 0.7, "alpha": [0.25, 0.48], "mu": [[0.59, 0.88, 0.48], [0.84, -0.94,
-0.07]], "q": [[0.89, 0.3, 0.8], [-0.77, -0.06, -0.51]], "l": [[0.09, 0.15, -0.97], [-0.57, -0.44, 0.83]], "x":
[[1.06, -1.36, 1.19], [-1.44, 0.47, -1.49], [-1.99, 1.49, -1.16], [-1.14, 1.93, 1.49], [-0.84, 1.85, 0.16]]})");

// What GradBench's golden tool, which has derivatives by hand, answers.
const json objective = json::parse(R"(-81.0038937188745)");
const json jacobian =
    json::parse(R"({"alpha": [-0.21534622137547393, 0.215346221375474], "l": [[3.8241567775589007, -1.0623859334357695,
1.2666354098286208], [17.436386104799183, 10.547262436226678, -8.490035004513192]], "mu": [[-18.63810269433244,
4.161202753970067, -1.990542055297188], [-6.344903694304161, 9.18742268040584, 2.5491250662471203]], "q":
[[-29.759832289621837, -1.2268919346099312, -2.9368767257227537], [1.0537258245778702, -9.07282631163112,
6.421429663945271]]})");

TEST_CASE("gmm with tensors agrees with the golden tool") {
  const bench::Tool tool("duet", {bench::gmm_by<bench::TensorMixture, bench::OwnGradient<bench::TensorMixture>>()});
  check_answer(tool, "gmm", "objective", input, objective);
  check_answer(tool, "gmm", "jacobian", input, jacobian);
}

TEST_CASE("gmm as it is written down agrees with the golden tool") {
  const bench::Tool tool("plain", {bench::gmm<bench::DuetVar>()});
  check_answer(tool, "gmm", "objective", input, objective);
  check_answer(tool, "gmm", "jacobian", input, jacobian);
}

TEST_CASE("gmm with tensors is right where points go through in several lots") {
  const std::size_t d = 64, k = 100, count = 200;
  bench::Mixture problem{d, k, {}, 1.0, 0};
  std::vector<double> x;
  for (std::size_t i = 0; i < count * d; ++i) problem.points.push_back(std::sin(static_cast<double>(i)));
  for (std::size_t i = 0; i < problem.variables(); ++i) x.push_back(0.1 * std::cos(static_cast<double>(i)));
  const bench::TensorMixture by_tensors(problem);
  const double value = problem(x);
  CHECK(by_tensors(x) == doctest::Approx(value).epsilon(1e-12));
  std::vector<double> gradient(x.size());
  CHECK(by_tensors.gradient(x, gradient) == doctest::Approx(value).epsilon(1e-12));
  // along some direction
  const double step = 1e-5;
  std::vector<double> before = x, after = x;
  double slope = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double direction = std::sin(0.7 * static_cast<double>(i));
    before[i] -= step * direction;
    after[i] += step * direction;
    slope += gradient[i] * direction;
  }
  CHECK(slope == doctest::Approx((by_tensors(after) - by_tensors(before)) / (2 * step)).epsilon(1e-6));
}

TEST_CASE("gmm refuses variables that don't fit") {
  json wrong = input;
  wrong["k"] = 3;
  const bench::Tool tool("plain", {bench::gmm<bench::DuetVar>()});
  const json message{{"kind", "evaluate"}, {"module", "gmm"}, {"function", "objective"}, {"input", wrong}};
  CHECK(tool.answer(message).at("success") == false);
}

}  // namespace
