// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <unsupported/Eigen/AutoDiff>
#include <vector>

#include "forward.hpp"

namespace bench {

/// Eigen's forward mode, for problems whose few inputs are counted when compiling.
class EigenForward {
 public:
  static constexpr const char* name = "Eigen AutoDiff";

  template <class Problem>
  requires requires { Problem::inputs; }
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    constexpr int n = static_cast<int>(Problem::inputs);
    using Tangent = Eigen::Matrix<double, n, 1>;
    using Number = Eigen::AutoDiffScalar<Tangent>;
    static thread_local std::vector<Number> inputs(Problem::inputs);
    for (int i = 0; i < n; ++i) {
      inputs[i] = Number(x[i], Tangent::Unit(i));
    }
    const Number result = problem(inputs);
    Eigen::Map<Tangent>(gradient.data()) = result.derivatives();
    return result.value();
  }
};

struct EigenNumbers {
  static constexpr const char* name = "Eigen AutoDiff";
  static constexpr std::size_t width = 16;  // directions at once
  static constexpr bool takes_plain_numbers = true;

  template <class T, std::size_t N>
  using Number = Eigen::AutoDiffScalar<Eigen::Matrix<T, static_cast<int>(N), 1>>;

  template <std::size_t N, class T>
  static Number<T, N> number(const T& value, const std::array<T, N>& tangents) {
    return {value, Eigen::Map<const Eigen::Matrix<T, static_cast<int>(N), 1>>(tangents.data())};
  }
  template <class Number>
  static double tangent(const Number& number, std::size_t direction) {
    return number.derivatives()[static_cast<Eigen::Index>(direction)];
  }
  template <class Number>
  static double value(const Number& number) {
    return number.value();
  }
};

/// The same for any number of inputs, some directions at a time.
using EigenAutoDiff = ForwardTool<EigenNumbers>;

}  // namespace bench
