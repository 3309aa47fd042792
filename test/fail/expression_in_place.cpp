// error: duet: an expression changes its type with every operation, so it can't be updated in place
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) {
    auto y = x;
    y *= c;
    return y * x;
  })(3.0);
}
#else
double f(double c) {
  return duet::grad([c](auto x) {
    const auto y = x * c;
    return y * x;
  })(3.0);
}
#endif
