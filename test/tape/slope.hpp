// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/record.hpp>

/// The derivative of `y` with respect to `x` by a sweep of its own.
inline double slope(duet::DynamicTape<double>& tape, const duet::Var<double>& y, const duet::Var<double>& x) {
  tape.zero_grad();
  tape.backward(y);
  return x.grad();
}
