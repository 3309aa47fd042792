// error: duet: map goes through ranges of floating-point numbers, of variables, or of structures of these
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/tape/map.hpp>

#ifdef DUET_FAIL
using Number = int;
#else
using Number = double;
#endif
auto misuse(const std::vector<Number>& xs) {
  return duet::map([](auto x) { return x * x; }, duet::each(xs));
}
