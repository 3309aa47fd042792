// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

namespace bench {

/// Himmelblau's function, (x^2 + y - 11)^2 + (x + y^2 - 7)^2.
struct Himmelblau {
  constexpr auto operator()(const auto& x, const auto& y) const {
    const auto a = x * x + y - 11.0;
    const auto b = x + y * y - 7.0;
    return a * a + b * b;
  }
};

}  // namespace bench
