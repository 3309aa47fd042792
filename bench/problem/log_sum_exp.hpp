// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {

/// What a number adds.
struct ShiftedExp {
  constexpr auto operator()(const auto& x, const auto& shift) const {
    using std::exp;
    return exp(x - shift);
  }
};

/// bench::LogSumExp as one sum over all numbers.
template <class Loop>
struct MappedLogSumExp {
  template <class Row>
  auto operator()(const Row& x) const {
    using std::log;
    const auto greatest = Loop::greatest(x);
    return log(Loop::sum(ShiftedExp{}, x, greatest)) + greatest;
  }
};

/// GradBench's `lse`: the logarithm of the sum of exponentials, shifted by the greatest number so that none overflows.
struct LogSumExp {
  template <class T>
  T operator()(const std::vector<T>& x) const {
    using std::exp;
    using std::log;
    const T& greatest = *std::max_element(x.begin(), x.end());
    T sum(0.0);
    for (const T& number : x) {
      sum += exp(number - greatest);
    }
    return log(sum) + greatest;
  }

  template <class Loop>
  MappedLogSumExp<Loop> mapped() const {
    return {};
  }
};

}  // namespace bench
