// error: duet: only floating-point numbers can be differentiated
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <tuple>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
static_assert(duet::grad([](auto x, auto n) { return n * x * x; })(2.0, 3) == std::tuple(12.0, 4.0));
#else
static_assert(duet::grad([](auto x, auto n) { return n * x * x; }, duet::wrt<0>)(2.0, 3) == 12);
#endif
