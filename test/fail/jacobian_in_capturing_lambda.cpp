// error: duet: inside a callable with captured state there are no matrices of expressions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) { return c * duet::jacobian([](auto y) { return y * y; })(x)(0, 0); })(3.0);
}
#else
double f(double c) {
  return duet::grad([c](auto x) { return c * duet::grad([](auto y) { return y * y; })(x); })(3.0);
}
#endif
