// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>

namespace bench {

/// The inverse of a 3x3 matrix, given row by row, weighted entry by entry and summed.
struct Inverse3 {
  static constexpr std::array<double, 9> weight{0.9, -0.4, 0.3, 0.7, -1.1, 0.6, -0.8, 0.2, 1.3};

  template <class T>
  constexpr T operator()(const std::array<T, 9>& a) const {
    const std::array<T, 9> adjugate{a[4] * a[8] - a[5] * a[7], a[2] * a[7] - a[1] * a[8], a[1] * a[5] - a[2] * a[4],
                                    a[5] * a[6] - a[3] * a[8], a[0] * a[8] - a[2] * a[6], a[2] * a[3] - a[0] * a[5],
                                    a[3] * a[7] - a[4] * a[6], a[1] * a[6] - a[0] * a[7], a[0] * a[4] - a[1] * a[3]};
    const T determinant = a[0] * adjugate[0] + a[1] * adjugate[3] + a[2] * adjugate[6];
    T sum(0.0);
    for (std::size_t i = 0; i < 9; ++i) {
      sum += weight[i] * adjugate[i];
    }
    return sum / determinant;
  }
};

}  // namespace bench
