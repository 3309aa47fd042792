// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace bench {

/// A planar arm of six links: the squared distance of its hand to a target, given the angle at each joint.
struct Chain6 {
  static constexpr std::array<double, 6> length{1.0, 0.9, 0.8, 0.6, 0.4, 0.2};
  static constexpr std::array<double, 2> target{1.5, 2.0};

  template <class T>
  constexpr T operator()(const std::array<T, 6>& joint) const {
    using std::cos;
    using std::sin;
    T angle(0.0);
    T x(-target[0]);
    T y(-target[1]);
    for (std::size_t i = 0; i < 6; ++i) {
      angle += joint[i];
      x += length[i] * cos(angle);
      y += length[i] * sin(angle);
    }
    return x * x + y * y;
  }
};

}  // namespace bench
