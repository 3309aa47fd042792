// error: duet: Forward can't differentiate at an expression
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

double misuse(double a) {
  constexpr auto square = [](auto x) { return x * x; };
#ifdef DUET_FAIL
  return duet::grad<duet::StaticTape>([=](auto x) { return a * duet::grad<duet::Forward>(square)(x); })(2.0);
#else
  return duet::grad<duet::Forward>([=](auto x) { return a * duet::grad<duet::Forward>(square)(x); })(2.0);
#endif
}
