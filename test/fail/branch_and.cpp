// error: duet: this branches on a differentiated value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) {
  if (0 < x && x < 1) return x;
  return 2 * x;
};
static_assert(duet::grad(f)(0.5) == 1);
#else
constexpr auto f = [](auto x) { return where(0 < x && x < 1, x, 2 * x); };
static_assert(duet::grad(f)(0.5) == 1);
#endif
