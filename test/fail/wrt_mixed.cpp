// error: duet: wrt<...> takes positions of arguments or names, not both
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

constexpr auto f = [](auto x, auto y) { return x * y; };
#ifdef DUET_FAIL
constexpr auto g = duet::grad(f, duet::wrt<0, "[1]">)(2.0, 3.0);
#else
constexpr auto g = duet::grad(f, duet::wrt<"[0]", "[1]">)(2.0, 3.0);
#endif
