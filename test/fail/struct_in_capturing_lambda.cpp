// error: duet: on the static tape a callable with captured state, or a struct with members that are no numbers, makes
// every number an expression of its own type, which this struct can't hold Copyright (c) 2026 the Duet authors.
// Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

template <class T>
struct Point {
  T x, y;
};
template <class X, class Y>
struct Mixed {
  X x;
  Y y;
};
double run(double factor) {
  const auto f = [factor](const auto& p) { return factor * p.x * p.y; };
#ifdef DUET_FAIL
  return duet::grad(f)(Point<double>{2, 3}).x;
#else
  return duet::grad(f)(Mixed<double, double>{2, 3}).x;
#endif
}
