// error: duet: this branches on a differentiated value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) {
  if (x < 0) return -x;
  return x;
};
static_assert(duet::grad(f)(-2.0) == -1);
#else
constexpr auto f = [](auto x) { return where(x < 0, -x, x); };
static_assert(duet::grad(f)(-2.0) == -1);
#endif
