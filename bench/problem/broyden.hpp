// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>

namespace bench {

/// Broyden's tridiagonal function (30 in Moré, Garbow, Hillstrom, 1981) of a vector or an array: four operations for
/// each number, which compilers vectorise.
struct Broyden {
  static constexpr const char* name = "Broyden tridiagonal";

  template <class X>
  constexpr X operator()(const X& x) const {
    const std::size_t n = x.size();
    X y = zeros<X>(n);
    y[0] = (3 - 2 * x[0]) * x[0] - 2 * x[1] + 1;
    for (std::size_t i = 1; i + 1 < n; ++i) {
      y[i] = (3 - 2 * x[i]) * x[i] - x[i - 1] - 2 * x[i + 1] + 1;
    }
    y[n - 1] = (3 - 2 * x[n - 1]) * x[n - 1] - x[n - 2] + 1;
    return y;
  }

 private:
  template <class X>
  static constexpr X zeros(std::size_t n) {
    if constexpr (requires { X(n); }) {
      return X(n);
    } else {
      return X{};
    }
  }
};

}  // namespace bench
