// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include "vector.hpp"

namespace bench {

/// The Lennard-Jones energy 4 (r^-12 - r^-6) of two particles at the given positions.
struct LennardJones {
  template <class T>
  constexpr T operator()(const std::array<T, 3>& p, const std::array<T, 3>& q) const {
    const std::array<T, 3> d{p[0] - q[0], p[1] - q[1], p[2] - q[2]};
    const T inverse = 1.0 / dot(d, d);
    const T attraction = inverse * inverse * inverse;
    return 4.0 * (attraction * attraction - attraction);
  }
};

}  // namespace bench
