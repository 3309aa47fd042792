// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// GradBench's particle and saddle: all combinations of modes give the results that GradBench expects.

#include "../../bench/dynamic/duet.hpp"
#include "../../bench/dynamic/modes.hpp"
#include "../../bench/gradbench/particle.hpp"
#include "../../bench/gradbench/saddle.hpp"
#include "golden.hpp"

namespace {

using bench::json;

TEST_CASE("particle meets the origin whatever the modes") {
  const bench::Tool tool("duet", {bench::particle<bench::DuetModes, bench::DuetLoop>()});
  for (const char* function : {"ff", "fr", "rf", "rr"}) {
    check_answer(tool, "particle", function, {{"w", 0.0}}, 0.2071918746486116);
  }
}

TEST_CASE("particle's steps need no kernels") {
  const bench::Tool tool("plain", {bench::particle<bench::DuetModes>()});
  check_answer(tool, "particle", "rr", {{"w", 0.0}}, 0.2071918746486116);
}

TEST_CASE("saddle finds the saddle point whatever the modes") {
  const bench::Tool tool("duet", {bench::saddle<bench::DuetModes>()});
  const double x = 8.246324826140356e-06;
  for (const char* function : {"ff", "fr", "rf", "rr"}) {
    check_answer(tool, "saddle", function, {{"start", {1.0, 1.0}}}, {x, x, x, x});
  }
}

}  // namespace
