// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <tuple>
#include <vector>

#include "../hand/seed.hpp"
#include "../problem/seed.hpp"

namespace bench {

/// bench::Seed as one call of a function of two numbers.
template <class Loop>
struct MappedVectorSeed {
  template <class Row>
  auto operator()(const Row& x) const {
    return Loop::call(Seed{}, x[0], x[1]);
  }
};

/// bench::Seed of the two numbers of a vector.
struct VectorSeed {
  static constexpr std::size_t inputs = 2;  // known when compiling, as some tools ask for it

  template <class T>
  T operator()(const std::vector<T>& x) const {
    return Seed{}(x[0], x[1]);
  }

  template <class Loop>
  MappedVectorSeed<Loop> mapped() const {
    return {};
  }
};

namespace hand {

/// Value and gradient of bench::VectorSeed.
struct VectorSeed {
  double operator()(const std::vector<double>& x, std::vector<double>& gradient) const {
    const auto [value, slopes] = Seed{}(x[0], x[1]);
    std::tie(gradient[0], gradient[1]) = slopes;
    return value;
  }
};

}  // namespace hand
}  // namespace bench
