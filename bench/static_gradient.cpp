// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Value and gradient of scalar functions: Duet's static tape against derivatives by hand and against the plain
// function.

#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <vector>

#include "harness.hpp"
#include "kernels.hpp"
#include "points.hpp"
#include "suite.hpp"

namespace {

/// Calls `f` with every rival of a kernel: its label, a callable, and the points to call it at.
template <class Kernel, class F>
void each_rival(const Kernel& kernel, F&& f) {
  static const auto points = bench::points_between(kernel.low, kernel.high);
  f("primal", kernel.problem, points);
  f("hand", kernel.hand, points);
  f("duet", duet::value_and_grad<duet::StaticTape>(kernel.problem), points);
}

void print_ratios() {
  std::vector<std::vector<std::string>> table{
      {"kernel", "primal ns", "hand ns", "duet ns", "duet/hand", "duet/primal"}};
  std::vector<double> to_hand;
  std::vector<double> to_primal;
  bench::each_kernel([&](const auto& kernel) {
    bench::Race race;
    each_rival(kernel, [&](const char*, const auto& f, const auto& points) {
      race.add([f, &points] { bench::sweep(f, points); }, points.size());
    });
    race.run();
    to_hand.push_back(race.ratio(2, 1));
    to_primal.push_back(race.ratio(2, 0));
    table.push_back({kernel.name, bench::fixed(race.nanoseconds(0), 2), bench::fixed(race.nanoseconds(1), 2),
                     bench::fixed(race.nanoseconds(2), 2), bench::fixed(to_hand.back(), 3),
                     bench::fixed(to_primal.back(), 3)});
  });
  table.push_back({"geometric mean", "", "", "", bench::fixed(bench::geometric_mean(to_hand), 3),
                   bench::fixed(bench::geometric_mean(to_primal), 3)});
  std::printf("\nvalue and gradient, per call (medians of interleaved rounds)\n");
  bench::print_table(table);
}

}  // namespace

int main(int argc, char** argv) {
  bench::each_kernel([](const auto& kernel) {
    each_rival(kernel, [&](const char* label, const auto& f, const auto& points) {
      bench::register_sweep(std::string(kernel.name) + "/" + label, f, points);
    });
  });
  return bench::run_suite(argc, argv, print_ratios);
}
