// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

namespace bench {

// Objects, not functions: for arrays of an active type, argument-dependent lookup would also find that type's own
// `dot`.

/// The inner product of two vectors in space.
inline constexpr auto dot = [](const auto& a, const auto& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; };

/// The cross product of two vectors in space.
inline constexpr auto cross = [](const auto& a, const auto& b) {
  return std::array{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
};

}  // namespace bench
