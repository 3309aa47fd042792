// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The squared error of a bundle-adjustment observation: value, gradient, Hessian and products with it against one
// evaluation of the plain function. 15 variables.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "harness.hpp"
#include "kernels.hpp"
#include "points.hpp"
#include "problem/bundle.hpp"

namespace {

/// The squared error of `Bundle`.
struct SquaredError {
  template <class T, class S>
  constexpr T operator()(const std::array<T, 11>& camera, const std::array<T, 3>& point, const T& weight,
                         const std::array<S, 2>& feature) const {
    const std::array<T, 2> error = bench::Bundle{}(camera, point, weight, feature);
    return error[0] * error[0] + error[1] * error[1];
  }
};

constexpr SquaredError f{};
using duet::wrt;

/// Calls `f` with every rival: its label and a callable.
template <class F>
void each_rival(F&& visit) {
  visit("primal", f);
  visit("value and gradient", duet::value_and_grad(f, wrt<0, 1, 2>));
  visit("Hessian", duet::hessian(f, wrt<0, 1, 2>));
  visit("value, gradient, Hessian", duet::value_grad_hessian(f, wrt<0, 1, 2>));
  visit("diagonal of the Hessian", duet::hessian_diagonal(f, wrt<0, 1, 2>));
}

template <class F>
void print_cost(const char* name, const F&) {
  using duet::cost;
  constexpr auto c = cost<F, std::array<double, 11>, std::array<double, 3>, double, std::array<double, 2>>;
  std::printf("%-26s %5d operations: %d additions, %d multiplications, %d divisions, %d transcendental\n", name,
              c.total(), c.additions, c.multiplications, c.divisions, c.transcendentals);
}

void print_ratios() {
  const auto points = bench::points_between(bench::bundle_low, bench::bundle_high, 128);
  bench::Race race;
  std::vector<std::string> labels;
  each_rival([&](const char* label, const auto& that) {
    labels.emplace_back(label);
    race.add([that, &points] { bench::sweep(that, points); }, points.size());
  });
  race.run();
  std::vector<std::vector<std::string>> table{{"squared error of an observation", "ns", "to plain primal"}};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    table.push_back({labels[i], bench::fixed(race.nanoseconds(i), 1), bench::fixed(race.ratio(i, 0), 2)});
  }
  std::printf("\n(medians of interleaved rounds)\n");
  bench::print_table(table);
}

}  // namespace

int main() {
  each_rival([](const char* label, const auto& that) { print_cost(label, that); });
  print_ratios();
}
