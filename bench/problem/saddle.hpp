// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include "descent.hpp"

namespace bench {

/// |x|^2 - |y|^2 as a function of y.
struct Saddle {
  static constexpr bool is_formula = true;  // no branches

  template <class T, class X>
  constexpr T operator()(const std::array<T, 2>& y, const std::array<X, 2>& x) const {
    const X square = x[0] * x[0] + x[1] * x[1];
    return T(square) - (y[0] * y[0] + y[1] * y[1]);  // T: not every tool's operators take numbers of two levels
  }
};

/// Where bench::Saddle is greatest for given x, by descent of its negative from `start`; gradients are taken by Mode.
template <class Mode>
struct Greatest {
  std::array<double, 2> start;

  template <class T>
  std::array<T, 2> operator()(const std::array<T, 2>& x) const {
    const auto fixed = plain<Mode>(x);
    return minimise<Mode>([&](const auto& y) { return lowered(y, fixed); },
                          [&](const std::array<T, 2>& y) {
                            const std::array<T, 2> slope = Mode::gradient(Saddle{}, y, x);
                            return std::array<T, 2>{-slope[0], -slope[1]};
                          },
                          std::array<T, 2>{T(start[0]), T(start[1])});
  }

 private:
  /// The negative of the saddle.
  template <class T>
  static T lowered(const std::array<T, 2>& y, const std::array<T, 2>& x) {
    return -Saddle{}(y, x);
  }
};

/// The greatest value of bench::Saddle for given x.
template <class Mode>
struct GreatestValue {
  Greatest<Mode> greatest;

  template <class T>
  T operator()(const std::array<T, 2>& x) const {
    return Saddle{}(greatest(x), x);
  }
};

/// GradBench's `saddle`: the x for which the greatest value over y is least, and the y where it is greatest then, all
/// searched from `start`. Outer takes the gradient for the search of x, Inner that for the search of y inside it, and
/// Outer again that for the last search.
template <class Outer, class Inner>
struct SaddlePoint {
  std::array<double, 4> operator()(const std::array<double, 2>& start) const {
    const GreatestValue<Inner> height{{start}};
    const std::array<double, 2> x = minimise<Outer>(
        height, [&](const std::array<double, 2>& at) { return Outer::gradient(height, at); }, start);
    const std::array<double, 2> y = Greatest<Outer>{start}(x);
    return {x[0], x[1], y[0], y[1]};
  }
};

}  // namespace bench
