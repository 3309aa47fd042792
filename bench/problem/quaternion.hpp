// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>

namespace bench {

/// The squared distance of the product of two quaternions (real part first) to a target attitude.
struct Quaternion {
  static constexpr std::array<double, 4> target{0.5, -0.1, 0.7, 0.5};

  template <class T>
  constexpr T operator()(const std::array<T, 4>& p, const std::array<T, 4>& q) const {
    const std::array<T, 4> product{
        p[0] * q[0] - p[1] * q[1] - p[2] * q[2] - p[3] * q[3], p[0] * q[1] + p[1] * q[0] + p[2] * q[3] - p[3] * q[2],
        p[0] * q[2] - p[1] * q[3] + p[2] * q[0] + p[3] * q[1], p[0] * q[3] + p[1] * q[2] - p[2] * q[1] + p[3] * q[0]};
    T sum(0.0);
    for (std::size_t i = 0; i < 4; ++i) {
      const T d = product[i] - target[i];
      sum += d * d;
    }
    return sum;
  }
};

}  // namespace bench
