// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

/// A tool made of numbers that carry tangents, which go through a problem `Library::width` directions at a time. A
/// Library has a name, `Number<T, N>`, `number<N>(value, tangents)` and `tangent(number, direction)`; its
/// `value(number)` is for double.
template <class Library>
class ForwardTool {
 public:
  static constexpr const char* name = Library::name;

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    double value = 0.0;
    sweep(problem, x, x.size(), unit, [&](const auto& result, std::size_t first, std::size_t count) {
      value = Library::value(result);
      for (std::size_t d = 0; d < count; ++d) {
        gradient[first + d] = Library::tangent(result, d);
      }
    });
    return value;
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    multiply(problem, x, x.size(), unit, jacobian);
  }

  template <class Problem, class Seed>
  requires(Library::takes_plain_numbers) void pushforward(const Problem& problem, const std::vector<double>& x,
                                                          std::size_t directions, const Seed& seed,
                                                          std::span<double> products) {
    multiply(problem, x, directions, seed, products);
  }

 private:
  static double unit(std::size_t input, std::size_t direction) { return input == direction ? 1.0 : 0.0; }

  template <class Problem, class Seed>
  static void multiply(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                       std::span<double> products) {
    sweep(problem, x, directions, seed, [&](const auto& results, std::size_t first, std::size_t count) {
      for (std::size_t i = 0; i < results.size(); ++i) {
        for (std::size_t d = 0; d < count; ++d) {
          products[i * directions + first + d] = Library::tangent(results[i], d);
        }
      }
    });
  }

  template <class Problem, class Seed, class Read>
  static void sweep(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                    const Read& read) {
    constexpr std::size_t width = Library::width;
    std::vector<typename Library::template Number<double, width>> inputs(x.size());
    for (std::size_t first = 0; first < directions; first += width) {
      const std::size_t count = std::min(width, directions - first);
      for (std::size_t j = 0; j < x.size(); ++j) {
        std::array<double, width> tangents{};
        for (std::size_t d = 0; d < count; ++d) {
          tangents[d] = seed(j, first + d);
        }
        inputs[j] = Library::template number<width>(x[j], tangents);
      }
      read(problem(inputs), first, count);
    }
  }
};

}  // namespace bench
