// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <numbers>

/// Learning rates as functions of the step, to be assigned before it: `sgd.options.lr = cosine_rate(0.1, step, steps)`.
namespace duet::optim {

/// `rate`, multiplied by `factor` after every `period` steps.
inline double step_rate(double rate, int step, int period, double factor = 0.1) {
  return rate * std::pow(factor, step / period);
}

/// From `rate` down to `last` along half a period of the cosine (Loshchilov and Hutter, 2017); `last` after `steps`.
inline double cosine_rate(double rate, int step, int steps, double last = 0) {
  if (step >= steps) return last;
  return last + (rate - last) * (1 + std::cos(std::numbers::pi * step / steps)) / 2;
}

/// `rate`, approached in equal steps: step `steps` - 1 is the first with the whole of it.
inline double warmup_rate(double rate, int step, int steps) {
  return step + 1 >= steps ? rate : rate * (step + 1) / steps;
}

}  // namespace duet::optim
