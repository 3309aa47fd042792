// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <unsupported/Eigen/AutoDiff>
#include <vector>

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

}  // namespace bench
