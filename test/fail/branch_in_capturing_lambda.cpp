// error: duet: this branches on a differentiated value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double limit) {
  return duet::grad([limit](auto x) {
    if (x < limit) return x * x;
    return x * x;
  })(3.0);
}
#else
double f(double limit) {
  return duet::grad([limit](auto x) { return where(x < limit, x * x, x); })(3.0);
}
#endif
