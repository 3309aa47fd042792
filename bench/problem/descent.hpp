// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>

#include "../tool.hpp"
#include "square.hpp"

namespace bench {

/// The square of the Euclidean length of a vector. An object, for the reason that vector.hpp gives.
inline constexpr auto squared_length = []<class T, std::size_t N>(const std::array<T, N>& x) {
  T sum = square(x[0]);
  for (std::size_t i = 1; i < N; ++i) {
    sum += square(x[i]);
  }
  return sum;
};

/// Where f is least, by gradient descent from `x`, as GradBench's `particle` and `saddle` define it: the step's factor
/// is halved when f does not fall and doubled after ten steps, and the search ends when the gradient or the next step
/// is shorter than 1e-5. `gradient(x)` is the gradient of f by Mode. The values of f only decide how to go on, so that
/// it is called with plain numbers.
template <class Mode, class F, class Gradient, class T, std::size_t N>
std::array<T, N> minimise(const F& f, const Gradient& gradient, std::array<T, N> x) {
  constexpr double tolerance = 1e-5;
  double factor = 1e-5;
  int steps = 0;
  auto value = f(plain<Mode>(x));
  std::array<T, N> slope = gradient(x);
  while (squared_length(plain<Mode>(slope)) > tolerance * tolerance) {
    if (steps == 10) {
      factor *= 2;
      steps = 0;
      continue;
    }
    std::array<T, N> next;
    for (std::size_t i = 0; i < N; ++i) {
      next[i] = x[i] - factor * slope[i];
    }
    if (factor * factor * squared_length(plain<Mode>(slope)) <= tolerance * tolerance) break;
    const auto next_value = f(plain<Mode>(next));
    if (next_value < value) {
      x = next;
      value = next_value;
      slope = gradient(x);
      ++steps;
    } else {
      factor /= 2;
      steps = 0;
    }
  }
  return x;
}

}  // namespace bench
