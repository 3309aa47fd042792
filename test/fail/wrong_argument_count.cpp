// error: duet: the function can't be called with these arguments as differentiated numbers
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x, auto y) { return x * y; };
static_assert(duet::grad(f)(2.0) == 3);
#else
constexpr auto f = [](auto x, auto y) { return x * y; };
static_assert(duet::grad(f, duet::wrt<0>)(2.0, 3.0) == 3);
#endif
