// error: duet: DynamicTape can't record while the static tape does
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

constexpr auto slope = [](const auto& x) {
  return duet::grad<duet::DynamicTape>([](const auto& y) { return y * y; })(x);
};
#ifdef DUET_FAIL
double second(double x) { return duet::grad(slope)(x); }
#else
double second(double x) { return duet::grad<duet::DynamicTape>(slope)(x); }
#endif
