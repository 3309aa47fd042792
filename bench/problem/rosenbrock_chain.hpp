// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "square.hpp"

namespace bench {

/// What a pair of neighbours adds.
struct RosenbrockTerm {
  constexpr auto operator()(const auto& x, const auto& next) const {
    return 100.0 * square(next - x * x) + square(1.0 - x);
  }
};

/// Rosenbrock's chained valley as one sum over all pairs of neighbours.
template <class Loop>
struct MappedRosenbrock {
  template <class Row>
  auto operator()(const Row& x) const {
    const std::size_t pairs = x.size() - 1;
    return Loop::sum(RosenbrockTerm{}, Loop::part(x, 0, pairs), Loop::part(x, 1, pairs));
  }
};

/// Rosenbrock's chained valley in as many dimensions as there are numbers: one statement for each pair of neighbours.
struct RosenbrockChain {
  template <class T>
  T operator()(const std::vector<T>& x) const {
    T sum(0.0);
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      sum += 100.0 * square(x[i + 1] - x[i] * x[i]) + square(1.0 - x[i]);
    }
    return sum;
  }

  template <class Loop>
  MappedRosenbrock<Loop> mapped() const {
    return {};
  }
};

}  // namespace bench
