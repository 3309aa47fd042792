// error: duet: only floating-point numbers can be differentiated
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
static_assert(duet::jvp([](auto x) { return x * x; }, 2, 1).second == 4);
#else
static_assert(duet::jvp([](auto x) { return x * x; }, 2.0, 1.0).second == 4);
#endif
