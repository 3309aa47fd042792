// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>

namespace bench {

/// Rosenbrock's chained valley, the sum of 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2; in ten dimensions in the benchmarks.
struct Rosenbrock {
  template <class T, std::size_t N>
  constexpr T operator()(const std::array<T, N>& x) const {
    T sum(0.0);
    for (std::size_t i = 0; i + 1 < N; ++i) {
      const T a = x[i + 1] - x[i] * x[i];
      const T b = 1.0 - x[i];
      sum += 100.0 * a * a + b * b;
    }
    return sum;
  }
};

}  // namespace bench
