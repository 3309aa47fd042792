// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The bundle-adjustment residual of ADBench: value and full 2x15 Jacobian against one evaluation of the plain function,
// on doubles and on SIMD batches of observations.

#include <array>
#include <cstddef>
#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <vector>
#include <xsimd/xsimd.hpp>

#include "hand/bundle.hpp"
#include "harness.hpp"
#include "kernels.hpp"
#include "points.hpp"
#include "problem/bundle.hpp"
#include "suite.hpp"

namespace {

using Batch = xsimd::batch<double>;

/// The same observations, one per SIMD lane.
auto batches(const std::vector<bench::Observation>& scalars) {
  std::vector<decltype(bench::cast<Batch>(scalars.front()))> packed;
  for (std::size_t first = 0; first + Batch::size <= scalars.size(); first += Batch::size) {
    std::array<std::vector<double>, Batch::size> rows;
    for (std::size_t lane = 0; lane < Batch::size; ++lane) {
      rows[lane] = bench::numbers(scalars[first + lane]);
    }
    packed.push_back(bench::cast<Batch>(scalars[first]));
    std::size_t i = 0;
    bench::each_number(packed.back(), [&](Batch& x) {
      std::array<double, Batch::size> lanes;
      for (std::size_t lane = 0; lane < Batch::size; ++lane) {
        lanes[lane] = rows[lane][i];
      }
      x = Batch::load_unaligned(lanes.data());
      ++i;
    });
  }
  return packed;
}

/// Calls `f` with every rival: its label, a callable, the points to call it at, and the observations in a point.
template <class F>
void each_rival(F&& f) {
  const bench::Bundle residual;
  const auto jacobian = duet::value_and_jacobian(residual, duet::wrt<0, 1, 2>);
  static const auto scalars = bench::points_between(bench::bundle_low, bench::bundle_high, 128);
  static const auto packed = batches(scalars);
  f("primal", residual, scalars, 1);
  f("value and jacobian by hand", bench::hand::Bundle{}, scalars, 1);
  f("duet value and jacobian", jacobian, scalars, 1);
  f("primal, batches", residual, packed, Batch::size);
  f("duet value and jacobian, batches", jacobian, packed, Batch::size);
}

void print_ratios() {
  bench::Race race;
  std::vector<std::string> labels;
  each_rival([&](const char* label, const auto& f, const auto& points, std::size_t items) {
    labels.emplace_back(label);
    race.add([f, &points] { bench::sweep(f, points); }, points.size() * items);
  });
  race.run();
  std::vector<std::vector<std::string>> table{{"bundle adjustment", "ns per residual", "to plain primal"}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    table.push_back({labels[i], bench::fixed(race.nanoseconds(i), 2), bench::fixed(race.ratio(i, 0), 3)});
  }
  std::printf("\n%zu lanes per batch (medians of interleaved rounds)\n", std::size_t{Batch::size});
  bench::print_table(table);
}

}  // namespace

int main(int argc, char** argv) {
  each_rival([](const char* label, const auto& f, const auto& points, std::size_t items) {
    bench::register_sweep(std::string("bundle/") + label, f, points, items);
  });
  return bench::run_suite(argc, argv, print_ratios);
}
