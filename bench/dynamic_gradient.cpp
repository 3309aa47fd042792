// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Gradients of functions of many numbers by tools that record at run time, against gradients by hand:
//   dynamic_gradient [CASE...]      (the cases whose names begin like this; default: all)
// Bytes are those of the recording, and "+" those of the derivatives where a tool tells them apart (Adept counts none,
// the others don't say).
// A call writes the inputs, records, sweeps back and reads the gradient. Unlike the other benchmarks this is none of
// Google Benchmark: the tools take from nanoseconds to seconds, and only ratios within a round are of interest.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "dynamic/cases.hpp"
#include "dynamic/tools.hpp"
#include "harness.hpp"

namespace {

using Numbers = std::vector<double>;

/// Complains about a gradient, or a value, that is not the one by hand.
void check(const std::string& what, double value, const Numbers& gradient, double expected, const Numbers& by_hand) {
  double largest = 0;
  double error = 0;
  for (std::size_t i = 0; i < by_hand.size(); ++i) {
    largest = std::max(largest, std::abs(by_hand[i]));
    const double distance = std::abs(gradient[i] - by_hand[i]);
    error = distance <= error ? error : distance;  // keeps a NaN
  }
  if (!(error <= 1e-10 * largest) || !(std::abs(value - expected) <= 1e-10 * std::abs(expected))) {
    throw std::runtime_error(what + ": a wrong gradient");
  }
}

/// Calls something so often. In a function of its own, so that what becomes of it when compiled does not depend on what
/// stands around it.
template <class F>
[[gnu::noinline]] void repeat(F& call, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    call();
  }
}

/// The rivals of one case, and what is known of each but its time.
struct Field {
  /// Calls of functions of few numbers are repeated, so that the call of the run itself does not count.
  explicit Field(std::size_t inputs) : repeats(inputs < 10 ? 256 : 1) {}

  bench::Race race;
  std::vector<std::string> names;
  std::vector<std::string> bytes;
  double seconds = 0;   // of one call of each
  std::size_t repeats;  // calls per run

  template <class F>
  void add(const std::string& name, F call) {
    const std::clock_t start = std::clock();
    repeat(call, 1);
    seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    names.push_back(name);
    bytes.emplace_back();
    race.add([call, count = repeats]() mutable { repeat(call, count); }, repeats);
  }

  /// Half a minute for slow ones.
  void run() { race.run(std::clamp(static_cast<int>(30 / seconds), 5, 31)); }
};

/// A time in the unit that suits it.
std::string time(double nanoseconds) {
  constexpr const char* units[] = {"ns", "us", "ms", "s"};
  std::size_t unit = 0;
  for (; nanoseconds >= 1000 && unit < 3; ++unit) {
    nanoseconds /= 1000;
  }
  return bench::fixed(nanoseconds, nanoseconds < 10 ? 2 : nanoseconds < 100 ? 1 : 0) + " " + units[unit];
}

void print(const std::string& name, const Field& field) {
  std::vector<std::vector<std::string>> table{{name, "time", "/ hand", "/ primal", "bytes/statement"}};
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    const double to_hand = field.race.ratio(i, 1);
    const double to_primal = field.race.ratio(i, 0);
    table.push_back({field.names[i], time(field.race.nanoseconds(i)), bench::fixed(to_hand, to_hand < 10 ? 2 : 1),
                     bench::fixed(to_primal, to_primal < 10 ? 2 : 1), field.bytes[i]});
  }
  bench::print_table(table);
  std::printf("\n");
  std::fflush(stdout);
}

/// Adds a tool to a field, once its gradient has been found right.
template <class Tool, class Case>
void add_tool(Field& field, const Case& that, double expected, const Numbers& by_hand) {
  const auto tool = std::make_shared<Tool>();
  Numbers gradient(that.x.size());
  if constexpr (requires { tool->gradient(that.problem, that.x, gradient); }) {
    const double value = tool->gradient(that.problem, that.x, gradient);
    check(std::string(Tool::name) + ", " + that.name, value, gradient, expected, by_hand);
    std::string bytes;
    if constexpr (requires { tool->bytes(); }) {
      const auto per_statement = [&](std::size_t all) {
        return bench::fixed(static_cast<double>(all) / that.statements, 1);
      };
      bytes = per_statement(tool->bytes());
      if constexpr (requires { tool->derivative_bytes(); }) {
        bytes += " + " + per_statement(tool->derivative_bytes());
      }
    }
    field.add(Tool::name, [tool, &that, gradient]() mutable {
      bench::keep(tool->gradient(that.problem, that.x, gradient));
      bench::keep(gradient[0]);
    });
    field.bytes.back() = bytes;
  }
}

template <class Case>
void run(const Case& that) {
  Field field(that.x.size());
  Numbers by_hand(that.x.size());
  auto hand = that.hand;
  const double expected = hand(that.x, by_hand);
  check("by hand, " + that.name, that.problem(that.x), by_hand, expected, by_hand);
  field.add("primal", [&that] { bench::keep(that.problem(that.x)); });
  field.add("by hand", [hand, &that, gradient = by_hand]() mutable {
    bench::keep(hand(that.x, gradient));
    bench::keep(gradient[0]);
  });
  bench::each_tool([&]<class Tool>() { add_tool<Tool>(field, that, expected, by_hand); });
  field.run();
  print(that.name, field);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> wanted(argv + 1, argv + argc);
  std::printf("gradients, per call (medians of interleaved rounds)\n\n");
  bench::each_case([&](const auto& that) {
    const auto begins = [&](const std::string& start) { return that.name.starts_with(start); };
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), begins)) {
      run(that);
    }
  });
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
