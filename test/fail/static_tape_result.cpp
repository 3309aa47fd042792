// error: duet: the result holds something that is no floating-point number, which StaticTape can't return
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) { return std::pair(x * x, 3); };
#else
constexpr auto f = [](auto x) { return std::pair(x * x, 3.0 * x); };
#endif
constexpr auto y = duet::jacobian(f)(2.0);
