// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>

namespace bench {

/// The textbook function ln(x1) + x1 x2 - sin(x2).
struct Seed {
  // decltype(auto): some tools' operators return references into their tapes.
  constexpr decltype(auto) operator()(const auto& x1, const auto& x2) const {
    using std::log;
    using std::sin;
    return log(x1) + x1 * x2 - sin(x2);
  }
};

}  // namespace bench
