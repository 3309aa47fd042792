// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cmath>

#include "descent.hpp"

namespace bench {

/// The electric potential at a point in the plane of two unit charges, at (10, 10 - w) and (10, 0).
struct Potential {
  static constexpr bool is_formula = true;  // no branches

  template <class T, class W>
  constexpr T operator()(const std::array<T, 2>& x, const W& w) const {
    using std::sqrt;
    const T right = x[0] - 10.0;
    const W height = 10.0 - w;
    const T above = x[1] - T(height);  // as not every tool's operators take numbers of two levels
    return 1.0 / sqrt(right * right + above * above) + 1.0 / sqrt(right * right + x[1] * x[1]);
  }
};

/// A unit charge of unit mass at (x[0], x[1]) with the velocity (x[2], x[3]), a tenth of a second later, by Euler's
/// method. The force is the potential's gradient, by Mode.
template <class Mode>
struct EulerStep {
  template <class T>
  constexpr std::array<T, 4> operator()(const std::array<T, 4>& x, const T& w) const {
    const std::array<T, 2> slope = Mode::gradient(Potential{}, std::array<T, 2>{x[0], x[1]}, w);
    constexpr double dt = 0.1;
    return {x[0] + dt * x[2], x[1] + dt * x[3], x[2] - dt * slope[0], x[3] - dt * slope[1]};
  }
};

/// The square of the place on the x-axis where a charge falls that starts at (0, 8) with velocity (0.75, 0). Loop is
/// the way in which a step is called (see loop.hpp).
template <class Mode, class Loop>
struct Fall {
  template <class T>
  T operator()(const std::array<T, 1>& w) const {
    std::array<T, 4> x{T(0.0), T(8.0), T(0.75), T(0.0)};
    while (true) {
      const std::array<T, 4> next = Loop::call(EulerStep<Mode>{}, x, w[0]);
      if (next[1] <= 0.0) return square_of_crossing(x);
      x = next;
    }
  }

 private:
  /// The line from x on.
  template <class T>
  static T square_of_crossing(const std::array<T, 4>& x) {
    const T place = x[0] - x[1] / x[3] * x[2];
    return place * place;
  }
};

/// GradBench's `particle`: the w, by descent from a first guess, for which the charge meets the origin. Outer takes the
/// gradient for the descent, Inner that inside each step of Euler's method.
template <class Outer, class Inner, class Loop>
struct Particle {
  double operator()(double w) const {
    const Fall<Inner, Loop> fall;
    return minimise<Outer>(
        fall, [&](const std::array<double, 1>& at) { return Outer::gradient(fall, at); }, std::array<double, 1>{w})[0];
  }
};

}  // namespace bench
