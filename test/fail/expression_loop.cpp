// error: duet: an expression changes its type with every operation, so it can't be updated in place
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) {
    auto sum = c * x;
    for (int i = 0; i < 3; ++i) sum += x;
    return sum;
  })(3.0);
}
#else
double f(double c) {
  const auto sum = [](auto x, auto factor) {
    auto result = factor * x;
    for (int i = 0; i < 3; ++i) result += x;
    return result;
  };
  return duet::grad(sum, duet::wrt<0>)(3.0, c);
}
#endif
