// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

namespace bench {

/// The determinant of a 3x3 matrix, given row by row.
struct Det3 {
  template <class T>
  constexpr T operator()(const std::array<T, 9>& a) const {
    return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) + a[2] * (a[3] * a[7] - a[4] * a[6]);
  }
};

}  // namespace bench
