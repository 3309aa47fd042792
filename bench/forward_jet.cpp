// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Forward mode with N directions at once: duet::Dual against ceres::Jet, on the same functions and points.

#include <ceres/jet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <duet/forward/dual.hpp>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "harness.hpp"
#include "kernels.hpp"
#include "points.hpp"
#include "problem/bundle.hpp"
#include "suite.hpp"

namespace {

/// Makes an active number from its value and its tangents.
template <class T>
struct Make;

template <int N>
struct Make<duet::Dual<double, N>> {
  static auto from(double value, const std::array<double, N>& tangents) {
    return duet::Dual<double, N>(value, tangents);
  }
};

template <int N>
struct Make<ceres::Jet<double, N>> {
  static auto from(double value, const std::array<double, N>& tangents) {
    return ceres::Jet<double, N>(value, Eigen::Map<const Eigen::Matrix<double, N, 1>>(tangents.data()));
  }
};

/// The points as numbers of type T with N random tangents each; as many points as stay in the first-level cache.
template <class T, std::size_t N, class Point>
auto active_points(const Point& low, const Point& high) {
  const std::size_t count = std::clamp<std::size_t>(16384 / (sizeof(Point) * (N + 1)), 4, 256);
  std::mt19937_64 engine(2026);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<decltype(bench::cast<T>(low))> result;
  for (const Point& point : bench::points_between(low, high, count)) {
    const std::vector<double> row = bench::numbers(point);
    auto value = row.begin();
    result.push_back(bench::cast<T>(point));
    bench::each_number(result.back(), [&](T& x) {
      std::array<double, N> tangents;
      std::generate(tangents.begin(), tangents.end(), [&] { return uniform(engine); });
      x = Make<T>::from(*value++, tangents);
    });
  }
  return result;
}

/// Calls `f` with every function and the box that its arguments are drawn from.
template <class F>
void each_function(F&& f) {
  bench::each_kernel([&](const auto& kernel) { f(kernel.name, kernel.problem, kernel.low, kernel.high); });
  f("bundle", bench::Bundle{}, bench::bundle_low, bench::bundle_high);
}

/// Calls `f` with Jet and Dual: label, function and points.
template <int N, class Function, class Point, class F>
void each_rival(const Function& function, const Point& low, const Point& high, F&& f) {
  static const auto jets = active_points<ceres::Jet<double, N>, N>(low, high);
  static const auto duals = active_points<duet::Dual<double, N>, N>(low, high);
  f("jet", function, jets);
  f("dual", function, duals);
}

/// Calls `f` with every width, as a compile-time number.
template <class F>
void each_width(F&& f) {
  f(std::integral_constant<int, 1>{});
  f(std::integral_constant<int, 3>{});
  f(std::integral_constant<int, 9>{});
  f(std::integral_constant<int, 15>{});
}

void print_ratios() {
  std::vector<std::vector<std::string>> table{{"dual/jet"}};
  std::vector<std::vector<double>> columns;
  each_width([&](auto width) {
    table[0].push_back("N = " + std::to_string(width()));
    columns.emplace_back();
  });
  each_function([&](const char* name, const auto& function, const auto& low, const auto& high) {
    table.push_back({name});
    auto column = columns.begin();
    each_width([&](auto width) {
      bench::Race race;
      each_rival<width()>(function, low, high, [&](const char*, const auto& f, const auto& points) {
        race.add([f, &points] { bench::sweep(f, points); }, points.size());
      });
      race.run();
      column->push_back(race.ratio(1, 0));
      table.back().push_back(bench::fixed(column++->back(), 3));
    });
  });
  table.push_back({"geometric mean"});
  for (const auto& column : columns) {
    table.back().push_back(bench::fixed(bench::geometric_mean(column), 3));
  }
  std::printf("\ntime of duet::Dual<double, N> over ceres::Jet<double, N> (medians of interleaved rounds)\n");
  bench::print_table(table);
}

}  // namespace

int main(int argc, char** argv) {
  each_function([](const char* name, const auto& function, const auto& low, const auto& high) {
    each_width([&](auto width) {
      each_rival<width()>(function, low, high, [&](const char* label, const auto& f, const auto& points) {
        bench::register_sweep(std::string(name) + "/" + label + std::to_string(width()), f, points);
      });
    });
  });
  return bench::run_suite(argc, argv, print_ratios);
}
