// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <random>
#include <vector>

namespace bench {

/// Random numbers, the same ones at every call.
inline std::vector<double> uniform(std::size_t count, double low, double high) {
  std::mt19937_64 engine(2026);
  std::uniform_real_distribution<double> number(low, high);
  std::vector<double> numbers(count);
  for (double& x : numbers) {
    x = number(engine);
  }
  return numbers;
}

}  // namespace bench
