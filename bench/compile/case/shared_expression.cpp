// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A chain of 40 links, each of which uses the one before three times, as an expression with a value that is captured.
#include <duet/duet.hpp>

template <int Links, class T>
constexpr auto chain(const T& a) {
  if constexpr (Links == 0) {
    return a;
  } else {
    return chain<Links - 1>(a * a + a);
  }
}

double run(double c, double x) {
  return duet::grad([c](auto t) { return c * chain<40>(t); })(x);
}
