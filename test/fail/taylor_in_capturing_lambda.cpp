// error: duet: inside a callable with captured state on the static tape there are no series of expressions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) { return c * duet::taylor<2>([](auto y) { return y * y; }, x, 1.0)[1]; })(3.0);
}
#else
double f(double c) {
  return duet::grad<duet::Forward>(
      [c](auto x) { return c * duet::taylor<2>([](auto y) { return y * y; }, x, 1.0)[1]; })(3.0);
}
#endif
