// error: duet: map needs a range to go through; mark it with each\(...\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/tape/map.hpp>

auto misuse(const std::vector<double>& xs) {
  constexpr auto f = [](auto x, auto y) { return x * y; };
#ifdef DUET_FAIL
  return xs.empty() ? std::vector<double>() : duet::map(f, 2.0, 3.0);
#else
  return duet::map(f, 2.0, duet::each(xs));
#endif
}
