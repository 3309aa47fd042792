// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's det: Duet's program, and the problem as it is written down, answer as the golden tool does.

#include "../../bench/dynamic/duet.hpp"
#include "../../bench/gradbench/det.hpp"
#include "golden.hpp"

namespace {

using bench::json;

const json six = json::parse(
    R"({"A": [0.32, 0.15, 0.65, 0.07, 0.54, 0.37, 0.06, 0.51, 0.04, 0.43, 0.07, 0.09, 0.42, 0.83, 0.12, 0.22, 0.63,
0.95, 0.58, 0.4, 0.98, 0.05, 0.86, 0.29, 0.14, 0.12, 0.31, 0.82, 0.18, 0.58, 0.64, 0.37, 0.55, 0.06, 0.06,
0.21], "ell": 6})");
const json three = json::parse(R"({"A": [0.68, 0.43, 0.31, 0.59, 0.45, 0.3, 0.79, 0.7, 0.24], "ell": 3})");

// What GradBench's golden tool, which has derivatives by hand, answers.
const json six_primal = json::parse(R"(-0.02133507700399995)");
const json six_gradient =
    json::parse(R"([0.19934183330000002, -0.0783533232, -0.16451419579999996, 0.08132608159999999, 0.11685376080000003,
-0.0952191742, 0.0830300903, -0.061656349999999964, -0.05888692499999999, 0.011848551600000009,
0.040863642400000004, -0.005244434200000036, -0.019468900299999987, 0.0014287923999999974, 0.026543641799999986,
0.0029113316000000016, -0.014814383599999998, -0.009301794599999986, -0.10627619079999999, 0.0459737356,
0.0824246976, -0.04677403440000002, -0.08779781520000003, 0.06546289160000003, -0.04729083520000001,
0.03624180440000003, 0.033632061200000014, -0.037610342399999996, -0.024444834800000006, 0.00991592319999999,
-0.02135691149999991, -0.005572293199999997, -0.0116959134, 0.006931827199999994, 0.03237816999999995,
-0.0072892982000000075])");
const json three_primal = json::parse(R"(-0.010512999999999996)");
const json three_gradient =
    json::parse(R"([-0.10199999999999998, 0.09540000000000003, 0.057499999999999954, 0.11379999999999998, -0.0817,
-0.13629999999999998, -0.010499999999999999, -0.021100000000000025, 0.05230000000000007])");

template <class Duet>
void check() {
  const bench::Tool tool("duet", {bench::det<Duet>()});
  check_answer(tool, "det", "primal", six, six_primal);
  check_answer(tool, "det", "gradient", six, six_gradient);
  check_answer(tool, "det", "primal", three, three_primal);
  check_answer(tool, "det", "gradient", three, three_gradient);
}

TEST_CASE("det with kernels agrees with the golden tool, also below the size of a kernel") { check<bench::DuetMap>(); }

TEST_CASE("det as it is written down agrees with the golden tool") { check<bench::DuetVar>(); }

}  // namespace
