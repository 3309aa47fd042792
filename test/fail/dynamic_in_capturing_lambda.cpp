// error: duet: DynamicTape can't record while the static tape does
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
using Outer = duet::StaticTape;
#else
using Outer = duet::DynamicTape<>;
#endif
double second(double x, double a) {
  return duet::grad<Outer>(
      [a](const auto& y) { return a * duet::grad<duet::DynamicTape>([](const auto& z) { return z * z; })(y); })(x);
}
