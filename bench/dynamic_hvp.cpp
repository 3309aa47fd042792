// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Products of Hessians and directions on the dynamic tape, against the gradients of the same functions:
//   dynamic_hvp [CASE...]      (the cases whose names begin like this; default: all)

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "dynamic/cases.hpp"
#include "harness.hpp"

namespace {

using Numbers = std::vector<double>;
using Tape = duet::DynamicTape<double>;

/// The product by differences of gradients.
template <class Problem>
Numbers by_differences(const Problem& problem, const Numbers& x, const Numbers& v) {
  const double h = 1e-6;
  Numbers ahead = x, behind = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    ahead[i] += h * v[i];
    behind[i] -= h * v[i];
  }
  Numbers product = duet::grad<Tape>(problem)(ahead);
  const Numbers other = duet::grad<Tape>(problem)(behind);
  for (std::size_t i = 0; i < x.size(); ++i) {
    product[i] = (product[i] - other[i]) / (2 * h);
  }
  return product;
}

void check(const std::string& name, const Numbers& product, const Numbers& expected) {
  double largest = 0;
  double error = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(expected[i]));
    error = std::max(error, std::abs(product[i] - expected[i]));
  }
  if (!(error <= 1e-5 * largest + 1e-9)) {  // differences of gradients are no better
    throw std::runtime_error(name + ": a wrong product");
  }
}

template <class Case>
void run(const Case& that) {
  const auto& f = that.problem;
  const Numbers& x = that.x;
  const Numbers v = bench::uniform(x.size(), -1, 1);
  check(that.name + ", hvp", duet::hvp<Tape>(f, x, v), by_differences(f, x, v));
  check(that.name + ", vhp", duet::vhp<Tape>(f, x, v), by_differences(f, x, v));
  bench::Race race;
  race.add([&] { bench::keep(f(x)); }, 1);
  race.add([&] { bench::keep(duet::grad<Tape>(f)(x)[0]); }, 1);
  race.add([&] { bench::keep(duet::hvp<Tape>(f, x, v)[0]); }, 1);
  race.add([&] { bench::keep(duet::vhp<Tape>(f, x, v)[0]); }, 1);
  race.run(15);
  std::vector<std::vector<std::string>> table{{that.name, "ms", "/ gradient", "/ primal"}};
  const char* names[] = {"primal", "gradient", "hvp", "vhp"};
  for (std::size_t i = 0; i < 4; ++i) {
    table.push_back({names[i], bench::fixed(race.nanoseconds(i) * 1e-6, 3), bench::fixed(race.ratio(i, 1), 2),
                     bench::fixed(race.ratio(i, 0), 1)});
  }
  bench::print_table(table);
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  std::printf("products with Hessians, per call (medians of interleaved rounds)\n\n");
  const auto run_wanted = [&](const auto& that) {
    const auto begins = [&](const std::string& start) { return that.name.starts_with(start); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), begins)) {
      run(that);
    }
  };
  run_wanted(bench::rosenbrock_case(1000));
  run_wanted(bench::rosenbrock_case(100000));
  run_wanted(bench::burgers_case(20, 20));
  run_wanted(bench::burgers_case(100, 100));
  run_wanted(bench::log_sum_exp_case(10000));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
