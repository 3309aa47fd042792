// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness.hpp"

namespace bench {

/// Registers a sweep of `f` over the points, which have to live on, with Google Benchmark; a point stands for `items`
/// calls.
template <class F, class Point>
void register_sweep(const std::string& name, const F& f, const std::vector<Point>& points, std::size_t items = 1) {
  benchmark::RegisterBenchmark(name.c_str(), [f, &points, items](benchmark::State& state) {
    for (auto _ : state) {
      sweep(f, points);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(points.size() * items));
  });
}

/// Runs what is registered, then `print_ratios`, which is what the figures in the documentation come from.
/// Returns the exit status.
template <class F>
int run_suite(int argc, char** argv, F&& print_ratios) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  print_ratios();
  return 0;
}

}  // namespace bench
