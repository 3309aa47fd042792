// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>

/// Searches along a line for a point that is low enough and flat enough.
namespace duet::optim {

/// A point of a search: how far it is, the value there and the slope along the line.
struct LinePoint {
  double step = 0, value = 0, slope = 0;
};

/// The strong Wolfe conditions with respect to `start`: the value is below a line of `decrease` times the first slope,
/// and the slope is `curvature` times as flat (Nocedal and Wright, Numerical Optimization, 2006, 3.7).
struct WolfeConditions {
  double decrease = 1e-4, curvature = 0.9;

  /// Written so that NaN is not low enough.
  bool is_low(const LinePoint& start, const LinePoint& p) const {
    return p.value <= start.value + decrease * p.step * start.slope;
  }
  bool is_flat(const LinePoint& start, const LinePoint& p) const {
    return std::abs(p.slope) <= -curvature * start.slope;
  }
};

/// The minimiser of the cubic through two points with slopes (Nocedal and Wright, 3.59), kept off the ends by a tenth
/// of the distance; the middle, where there is no such cubic.
inline double between(const LinePoint& a, const LinePoint& b) {
  const double low = std::min(a.step, b.step), width = std::abs(b.step - a.step);
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0) || !std::isfinite(square)) return low + width / 2;
  const double d2 = std::copysign(std::sqrt(square), b.step - a.step);
  const double step = b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  return std::isfinite(step) ? std::clamp(step, low + width / 10, low + width * 9 / 10) : low + width / 2;
}

/// A point that fulfils the conditions, from `start` on (Nocedal and Wright, algorithms 3.5 and 3.6); `first` is the
/// step that is tried first. `evaluate(step)` gives a LinePoint; the last call of it is for the point returned. After
/// `most` evaluations the lowest point so far is taken, which may be `start`.
template <class Evaluate>
LinePoint strong_wolfe(const LinePoint& start, double first, int most, const Evaluate& evaluate,
                       const WolfeConditions& wolfe = {}) {
  const auto again = [&](const LinePoint& p, const LinePoint& last) {
    return p.step == last.step ? last : evaluate(p.step);
  };
  LinePoint low = start, high, p;
  double step = first;
  bool bracketed = false;
  int tries = 0;
  for (; tries < most && !bracketed; ++tries) {
    p = evaluate(step);
    if (!wolfe.is_low(start, p) || (tries > 0 && p.value >= low.value)) {
      high = p;
      bracketed = true;
    } else if (wolfe.is_flat(start, p)) {
      return p;
    } else if (p.slope >= 0) {
      high = low;
      low = p;
      bracketed = true;
    } else {
      low = p;
      step *= 2;
    }
  }
  for (; tries < most && std::abs(high.step - low.step) > 1e-12 * std::max(1.0, low.step); ++tries) {
    p = evaluate(between(low, high));
    if (!wolfe.is_low(start, p) || p.value >= low.value) {
      high = p;
      continue;
    }
    if (wolfe.is_flat(start, p)) return p;
    if (p.slope * (high.step - low.step) >= 0) high = low;
    low = p;
  }
  return again(low, p);
}

}  // namespace duet::optim
