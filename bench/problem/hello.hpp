// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "square.hpp"

namespace bench {

template <class Loop>
struct MappedHello {
  template <class Row>
  auto operator()(const Row& x) const {
    return Loop::call(square, x[0]);
  }
};

/// GradBench's `hello`: the square of the one number.
struct Hello {
  static constexpr std::size_t inputs = 1;

  template <class T>
  T operator()(const std::vector<T>& x) const {
    return square(x[0]);
  }

  template <class Loop>
  MappedHello<Loop> mapped() const {
    return {};
  }
};

}  // namespace bench
