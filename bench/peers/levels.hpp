// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>

namespace bench {

/// A number, or an array of numbers, as constants of the next level of nested derivatives: for tools whose operators
/// take no numbers of two levels, or take the inner one's derivative for their own. `lift(x)` lifts a number.
template <class Lift, class T>
auto lifted(const Lift& lift, const T& x) {
  return lift(x);
}
template <class Lift, class T, std::size_t N>
auto lifted(const Lift& lift, const std::array<T, N>& x) {
  std::array<decltype(lift(x[0])), N> result;
  for (std::size_t i = 0; i < N; ++i) {
    result[i] = lift(x[i]);
  }
  return result;
}

}  // namespace bench
