// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's ba: Duet's program, and the problem as it is written down, answer as the golden tool does.

#include "../../bench/gradbench/ba.hpp"
#include "../../bench/static/bundle.hpp"
#include "golden.hpp"

namespace {

using bench::json;

// Eleven observations are no multiple of a batch.
const json turned = json::parse(
    R"({"n": 2, "m": 3, "p": 11, "cam": [-0.31, 0.22, 0.15, 0.4, -0.3, 0.2, 1.5, 0.1, -0.2, 0.05, -0.01], "x": [0.7,
-0.4, 3.1], "w": 0.42, "feat": [0.27, 0.83]})");
const json unturned = json::parse(
    R"({"n": 2, "m": 3, "p": 11, "cam": [0.0, 0.0, 0.0, 0.4, -0.3, 0.2, 1.5, 0.1, -0.2, 0.05, -0.01], "x": [0.7, -0.4,
3.1], "w": 0.42, "feat": [0.27, 0.83]})");

// What GradBench's golden tool, which has derivatives by hand, answers.
const json turned_objective = json::parse(
    R"({"reproj_error": {"elements": [0.13538051288729713, -0.22593182650750698], "repeated": 11}, "w_err": {"element":
0.8236, "repeated": 11}})");
const json turned_jacobian = json::parse(
    R"({"cols": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 22, 23, 24, 31, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 22, 23, 24, 31,
41], "rows": [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 255, 270, 285, 300,
315, 330, 331, 332, 333, 334, 335, 336, 337, 341], "vals": [-0.0050772153556913864, 0.7338135961177752,
-0.09669655704638822, -0.2529750929843337, 0.0186681845755605, 0.02681356770788144, 0.13785367525819808, 0.42,
0.0, 0.043205516067648685, 0.009118771072715958, 0.2529750929843337, -0.0186681845755605, -0.02681356770788144,
0.32233455449356463, -0.721871517597641, 0.10317472564875772, 0.1419917312488896, -0.048235580370152,
-0.25043128643305296, -0.003645673976641255, 0.13777878232832869, 0.0, 0.42, 0.04318204344220895,
0.009113817040977848, 0.048235580370152, 0.25043128643305296, 0.003645673976641255, -0.537932920255969, -0.84]})");
const json unturned_objective = json::parse(
    R"({"reproj_error": {"elements": [-0.006188931375809331, -0.45433702287473027], "repeated": 11}, "w_err":
{"element": 0.8236, "repeated": 11}})");
const json unturned_jacobian = json::parse(
    R"({"cols": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 22, 23, 24, 31, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 22, 23, 24, 31,
41], "rows": [0, 15, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 225, 240, 255, 270, 285, 300,
315, 330, 331, 332, 333, 334, 335, 336, 337, 341], "vals": [0.0024749806136131645, 0.6377986052080161,
0.021737022874730238, -0.21760160486377436, 7.712537215735698e-05, 0.02251317034356828, 0.043474045749460455,
0.42, 0.0, 0.0007749395219156174, 9.2145008551203e-06, 0.21760160486377436, -7.712537215735698e-05,
-0.02251317034356828, -0.014735550894784122, -0.6311986569050477, -0.002474980613613165, 0.06521106862419067,
7.712537215735698e-05, -0.21739593720468806, -0.007504390114522767, -0.01449134858315349, 0.0, 0.42,
-0.0002583131739718726, -3.0715002850401013e-06, -7.712537215735698e-05, 0.21739593720468806,
0.007504390114522767, -1.0817548163684054, -0.84]})");

TEST_CASE("ba in batches agrees with the golden tool, whether the camera is turned or not") {
  const bench::Tool tool("duet", {bench::ba_by<bench::BatchedBundle>()});
  check_answer(tool, "ba", "objective", turned, turned_objective);
  check_answer(tool, "ba", "jacobian", turned, turned_jacobian);
  check_answer(tool, "ba", "objective", unturned, unturned_objective);
  check_answer(tool, "ba", "jacobian", unturned, unturned_jacobian);
}

/// Duals, as another tool.
struct Duals {
  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    std::vector<duet::Dual<double>> inputs(x.begin(), x.end());
    for (std::size_t j = 0; j < x.size(); ++j) {
      inputs[j] = duet::Dual<double>::variable(x[j]);
      const auto results = problem(inputs);
      for (std::size_t i = 0; i < results.size(); ++i) {
        jacobian[i * x.size() + j] = results[i].tangent();
      }
      inputs[j] = x[j];
    }
  }
};

TEST_CASE("ba as it is written down agrees with the golden tool") {
  const bench::Tool tool("plain", {bench::ba<Duals>()});
  check_answer(tool, "ba", "jacobian", turned, turned_jacobian);
  check_answer(tool, "ba", "jacobian", unturned, unturned_jacobian);
}

}  // namespace
