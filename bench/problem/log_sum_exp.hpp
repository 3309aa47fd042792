// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {

/// bench::LogSumExp as one reduction of all numbers.
template <class Loop>
struct MappedLogSumExp {
  template <class Row>
  auto operator()(const Row& x) const {
    return Loop::log_sum_exp([](const auto& number) { return number; }, x);
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
