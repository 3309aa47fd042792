// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

/// The functions whose sums over the elements of two arrays are differentiated. Written once, for numbers and for the
/// tensors of every library.
namespace bench {

struct Product {
  static constexpr const char* name = "exp(x) y";
  constexpr auto operator()(const auto& x, const auto& y) const {
    using std::exp;
    return exp(x) * y;
  }
};

/// With tanh, sqrt and exp among them.
struct Chain {
  static constexpr const char* name = "12 operations";
  constexpr auto operator()(const auto& x, const auto& y) const {
    using std::exp, std::sqrt, std::tanh;
    const auto t = tanh(x * y);
    const auto s = sqrt(x * x + y * y + 1);
    return exp(t - s) * x + t / s;
  }
};

}  // namespace bench
