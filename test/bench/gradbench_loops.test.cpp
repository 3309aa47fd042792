// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's llsq, lse and ode: what Duet's programs answer are the gradients that are written by hand.

#include "../../bench/dynamic/duet.hpp"
#include "../../bench/gradbench/llsq.hpp"
#include "../../bench/gradbench/lse.hpp"
#include "../../bench/gradbench/ode.hpp"
#include "../../bench/hand/least_squares.hpp"
#include "../../bench/hand/log_sum_exp.hpp"
#include "../../bench/hand/ode.hpp"
#include "../../bench/points.hpp"
#include "golden.hpp"

namespace {

using bench::json;

std::vector<double> random(std::size_t count) {
  std::vector<double> numbers;
  for (const auto& [x] : bench::points_between(std::tuple(0.0), std::tuple(1.0), count)) {
    numbers.push_back(x);
  }
  return numbers;
}

/// Asks for value and gradient at `input`, which has the point `x`.
void check(const bench::Tool& tool, const char* name, const json& input, auto by_hand) {
  CAPTURE(name);
  const std::vector<double> x = input.at("x");
  std::vector<double> gradient(x.size());
  by_hand(x, gradient);
  check_answer(tool, name, "gradient", input, gradient);
  check_answer(tool, name, "gradient", input, gradient);  // the tape is used again
}

TEST_CASE("llsq, for more and less points than coefficients") {
  const bench::Tool tool("duet", {bench::llsq<bench::DuetMap>()});
  for (std::size_t n : {2, 3, 16, 33, 300}) {
    CAPTURE(n);
    check(tool, "llsq", {{"x", random(20)}, {"n", n}}, bench::hand::LeastSquares(bench::LeastSquares{n}));
  }
}

TEST_CASE("lse, for any count of numbers") {
  const bench::Tool tool("duet", {bench::lse<bench::DuetMap>()});
  for (std::size_t n : {1, 3, 131, 133, 1000}) {
    CAPTURE(n);
    check(tool, "lse", {{"x", random(n)}}, bench::hand::LogSumExp{});
  }
}

TEST_CASE("ode, where the last component depends on all, and where it depends on a few") {
  const bench::Tool tool("duet", {bench::ode<bench::DuetMap>()});
  for (std::size_t n : {1, 2, 5, 140, 700}) {
    for (std::size_t s : {1, 2, 40}) {
      CAPTURE(n);
      CAPTURE(s);
      check(tool, "ode", {{"x", random(n)}, {"s", s}}, bench::hand::Ode(bench::Ode{s}));
    }
  }
}

}  // namespace
