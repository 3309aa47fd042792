// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The sparse Jacobian of a whole bundle adjustment, as many residuals as in ADBench's first problem: by the static
// tape, residual by residual, against one map on the dynamic tape. There every residual has inputs of its own, so one
// sweep from the sum of all first outputs gives the first row of each residual's block, another one the second rows.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/tape/map.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness.hpp"
#include "kernels.hpp"
#include "points.hpp"
#include "problem/bundle.hpp"

namespace {

constexpr std::size_t residuals = 31843;
constexpr std::size_t inputs = 15;  // of a residual: a camera, a point, a weight

using Observations = std::vector<bench::Observation>;
/// The derivatives of both outputs of every residual, each with respect to every input.
using Jacobian = std::array<std::array<std::vector<double>, inputs>, 2>;

Jacobian zeros() {
  Jacobian jacobian;
  for (auto& row : jacobian) {
    row.fill(std::vector<double>(residuals));
  }
  return jacobian;
}

/// The residuals of all observations.
struct Plain {
  static constexpr const char* name = "primal";

  void operator()(const Observations& observations, Jacobian&) const {
    for (const bench::Observation& observation : observations) {
      bench::keep(std::apply(bench::Bundle{}, observation));
    }
  }
};

struct Static {
  static constexpr const char* name = "StaticTape";

  void operator()(const Observations& observations, Jacobian& jacobian) const {
    const auto derivatives = duet::value_and_jacobian(bench::Bundle{}, duet::wrt<0, 1, 2>);
    for (std::size_t i = 0; i < observations.size(); ++i) {
      const auto block = std::apply(derivatives, observations[i]).second;
      for (std::size_t output = 0; output < 2; ++output) {
        for (std::size_t k = 0; k < inputs; ++k) {
          jacobian[output][k][i] = block(static_cast<int>(output), static_cast<int>(k));
        }
      }
    }
  }
};

/// The residual of numbers in a row: camera, point, weight, feature.
struct FlatBundle {
  template <class T, class... Rest>
  constexpr std::array<T, 2> operator()(const T& first, const Rest&... rest) const {
    return call(std::array{first, T(rest)...});
  }

 private:
  template <class T>
  static constexpr std::array<T, 2> call(const std::array<T, inputs + 2>& x) {
    return bench::Bundle{}(part<11>(x, 0), part<3>(x, 11), x[14], part<2>(x, 15));
  }

  template <std::size_t Count, class T>
  static constexpr std::array<T, Count> part(const std::array<T, inputs + 2>& x, std::size_t first) {
    std::array<T, Count> result{};
    for (std::size_t k = 0; k < Count; ++k) {
      result[k] = x[first + k];
    }
    return result;
  }
};

class Dynamic {
  template <std::size_t... K>
  auto map(const std::array<duet::Variables<double>, inputs>& x, std::index_sequence<K...>) const {
    return duet::map(FlatBundle{}, duet::each(x[K])..., duet::each(columns_[inputs]), duet::each(columns_[inputs + 1]));
  }

 public:
  static constexpr const char* name = "DynamicTape, map";

  void operator()(const Observations& observations, Jacobian& jacobian) {
    transpose(observations);
    tape_->clear();
    std::array<duet::Variables<double>, inputs> x;
    for (std::size_t k = 0; k < inputs; ++k) {
      x[k] = tape_->variables(columns_[k]);
    }
    const auto [first, second] = map(x, std::make_index_sequence<inputs>());
    sweep(first, x, jacobian[0]);
    sweep(second, x, jacobian[1]);
  }

 private:
  void transpose(const Observations& observations) {
    for (std::vector<double>& column : columns_) {
      column.resize(observations.size());
    }
    for (std::size_t i = 0; i < observations.size(); ++i) {
      bench::Observation observation = observations[i];
      auto column = columns_.begin();
      bench::each_number(observation, [&](double number) { (*column++)[i] = number; });
    }
  }

  void sweep(const duet::Variables<double>& outputs, const std::array<duet::Variables<double>, inputs>& x,
             std::array<std::vector<double>, inputs>& row) {
    tape_->zero_grad();
    tape_->backward(outputs);
    for (std::size_t k = 0; k < inputs; ++k) {
      x[k].copy_grad_to(row[k]);
    }
  }

  std::shared_ptr<duet::DynamicTape<double>> tape_ = std::make_shared<duet::DynamicTape<double>>();
  std::array<std::vector<double>, inputs + 2> columns_;
};

void check(const Jacobian& found, const Jacobian& expected) {
  for (std::size_t output = 0; output < 2; ++output) {
    for (std::size_t k = 0; k < inputs; ++k) {
      for (std::size_t i = 0; i < residuals; ++i) {
        const double right = expected[output][k][i];
        if (!(std::abs(found[output][k][i] - right) <= 1e-9 * (1 + std::abs(right)))) {
          throw std::runtime_error("a wrong Jacobian");
        }
      }
    }
  }
}

}  // namespace

int main() try {
  const Observations observations = bench::points_between(bench::bundle_low, bench::bundle_high, residuals);
  Jacobian expected = zeros(), found = zeros();
  Dynamic dynamic;
  Static{}(observations, expected);
  dynamic(observations, found);
  check(found, expected);

  bench::Race race;
  race.add([&] { Plain{}(observations, expected); }, residuals);
  race.add([&] { Static{}(observations, expected); }, residuals);
  race.add([&] { dynamic(observations, found); }, residuals);
  race.run();
  std::vector<std::vector<std::string>> table{{"bundle adjustment", "ns per residual", "to primal", "to StaticTape"}};
  const char* const names[] = {Plain::name, Static::name, Dynamic::name};
  for (std::size_t i = 0; i < 3; ++i) {
    table.push_back({names[i], bench::fixed(race.nanoseconds(i), 1), bench::fixed(race.ratio(i, 0), 2),
                     bench::fixed(race.ratio(i, 1), 2)});
  }
  std::printf("value and sparse Jacobian of %zu residuals (medians of interleaved rounds)\n", residuals);
  bench::print_table(table);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
