// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>

/// Whether `a` is `b` within `error`; NaN is NaN, and infinite only what is expected to be.
inline bool close(double a, double b, double error) {
  if (std::isnan(b)) return std::isnan(a);
  if (std::isinf(b)) return a == b;
  return std::abs(a - b) <= error;
}
/// The same to about as many digits as there are.
inline bool close(double a, double b) { return close(a, b, 1e-14 * std::max(1e-40, std::abs(b))); }
