// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace bench {

/// The extended Rosenbrock function (21 in Moré, Garbow, Hillstrom, 1981) of any sequence: its pairs of numbers have
/// nothing to do with one another.
struct ExtendedRosenbrock {
  static constexpr const char* name = "extended Rosenbrock";

  template <class X>
  constexpr auto operator()(const X& x) const {
    using T = std::remove_cvref_t<decltype(x[0])>;
    T sum = 0;
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
      const T t = x[i + 1] - x[i] * x[i], u = 1 - x[i];
      sum += 100 * t * t + u * u;
    }
    return sum;
  }
};

}  // namespace bench
