// error: duet: called with doubles, the function returns an integer; write using std::abs
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tool/check.hpp>

#ifdef DUET_FAIL
const auto f = [](auto x) { return abs(x); };
#else
const auto f = [](auto x) {
  using std::abs;
  return abs(x);
};
#endif
const bool right(duet::check_jvp(f, 2.0));
