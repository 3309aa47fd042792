// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace bench {

/// Numbers in [low, high], spread evenly as the multiples of an irrational number are. The same in every language, and
/// quick to make.
template <class T>
std::vector<T> spread(std::size_t n, double step, double low, double high) {
  std::vector<T> numbers(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double multiple = static_cast<double>(i) * step;
    numbers[i] = static_cast<T>(low + (high - low) * (multiple - std::floor(multiple)));
  }
  return numbers;
}

/// What is summed over: x in [-1, 1], y in [0.5, 2].
template <class T>
std::vector<T> spread_x(std::size_t n) {
  return spread<T>(n, 0.6180339887498949, -1, 1);
}
template <class T>
std::vector<T> spread_y(std::size_t n) {
  return spread<T>(n, 0.41421356237309515, 0.5, 2);
}

}  // namespace bench
