// error: duet: on the static tape a callable with captured state can't index an array argument
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](const auto& x) { return c * x[0] * x[1]; })(std::array{2.0, 3.0})[0];
}
#else
double f(double c) {
  return duet::grad([c](const auto& x) {
    const auto& [a, b] = x;
    return c * a * b;
  })(std::array{2.0, 3.0})[0];
}
#endif
