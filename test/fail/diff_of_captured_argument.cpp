// error: duet: diff needs an expression made from duet::arg<I>
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) { return c * diff(x * x * duet::arg<0>, duet::arg<0>); })(3.0);
}
#else
double f(double c) {
  return duet::grad([c](auto x) { return c * diff(duet::arg<0> * duet::arg<0>, duet::arg<0>)(x); })(3.0);
}
#endif
