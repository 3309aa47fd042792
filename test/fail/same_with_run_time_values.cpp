// error: duet: same\(\) compares expressions without run-time values
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto x = duet::arg<0>;
static_assert(same(x + x, 2 * x));
#else
using duet::operator""_c;
constexpr auto x = duet::arg<0>;
static_assert(same(x + x, 2_c * x));
#endif
