// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Value and gradient with respect to 50 numbers: in nested structs against the same numbers in an array.

#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "allocations.hpp"
#include "harness.hpp"
#include "problem/scene.hpp"
#include "suite.hpp"

namespace {

/// Points around one at which all cameras see something.
template <class Scene>
std::vector<std::tuple<Scene>> points() {
  std::vector<std::tuple<Scene>> all;
  unsigned state = 1;
  for (int i = 0; i < 64; ++i) {
    std::vector<double> numbers(50);
    for (double& x : numbers) {
      state = state * 1664525u + 1013904223u;
      x = 0.1 + 0.2 * (state >> 8) / 16777216.0;
    }
    numbers[46] = numbers[49] = 3;
    all.emplace_back(duet::unflatten(Scene{}, numbers));
  }
  return all;
}

using Array = std::array<double, 50>;
using Described = bench::scene::Described<double>;
using Plain = bench::scene::Plain<double>;

/// Calls `f` with every rival: its label, a callable, and the points to call it at.
template <class F>
void each_rival(F&& f) {
  static const auto arrays = points<Array>();
  static const auto described = points<Described>();
  static const auto plain = points<Plain>();
  f("array", duet::value_and_grad<duet::StaticTape>(bench::scene::array_error), arrays);
  f("described struct", duet::value_and_grad<duet::StaticTape>(bench::scene::error), described);
  f("plain struct", duet::value_and_grad<duet::StaticTape>(bench::scene::error), plain);
}

void print_ratios() {
  bench::Race race;
  std::vector<std::string> names;
  std::vector<std::size_t> counts;
  each_rival([&](const char* name, const auto& f, const auto& points) {
    names.push_back(name);
    const std::size_t before = bench::allocations;
    bench::sweep(f, points);
    counts.push_back(bench::allocations - before);
    race.add([f, &points] { bench::sweep(f, points); }, points.size());
  });
  race.run(61);
  std::vector<std::vector<std::string>> table{{"50 numbers in", "ns", "to array", "allocations"}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.push_back(
        {names[i], bench::fixed(race.nanoseconds(i), 1), bench::fixed(race.ratio(i, 0), 3), std::to_string(counts[i])});
  }
  std::printf("\nvalue and gradient, per call (medians of interleaved rounds)\n");
  bench::print_table(table);
}

}  // namespace

int main(int argc, char** argv) {
  each_rival([](const char* name, const auto& f, const auto& points) { bench::register_sweep(name, f, points); });
  return bench::run_suite(argc, argv, print_ratios);
}
