// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>
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
  template <class T>
  T operator()(const std::vector<T>& x) const {
    const std::span all(x);
    return Loop::sum(RosenbrockTerm{}, all.first(x.size() - 1), all.last(x.size() - 1));
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
