// error: duet: no rewriting rule has this name
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
using Policy = duet::StaticTapeWithout<"sqrt(square(u)) -> u">;
static_assert(duet::grad<Policy>([](auto x) { return x * x; })(2.0) == 4);
#else
using Policy = duet::StaticTapeWithout<"sqrt(square(u)) -> abs(u)">;
static_assert(duet::grad<Policy>([](auto x) { return x * x; })(2.0) == 4);
#endif
