// error: duet: this branches on a differentiated value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) {
  while (x < 10) x *= 2;
  return x;
};
static_assert(duet::grad(f)(3.0) == 4);
#else
constexpr auto f = [](auto x) {
  while (x < 10) x *= 2;
  return x;
};
static_assert(duet::grad<duet::Forward>(f)(3.0) == 4);
#endif
