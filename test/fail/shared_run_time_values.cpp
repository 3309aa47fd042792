// error: duet: this expression holds more than 256 run-time values
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

template <int N, class T>
constexpr auto chain(const T& a) {
  if constexpr (N == 0) {
    return a;
  } else {
    return chain<N - 1>(a * a + a);
  }
}

#ifdef DUET_FAIL
double f(double c) {
  return duet::grad([c](auto x) { return chain<40>(c * x); })(0.5);
}
#else
double f(double c) {
  return duet::grad([](auto x, auto factor) { return chain<40>(factor * x); }, duet::wrt<0>)(0.5, c);
}
#endif
