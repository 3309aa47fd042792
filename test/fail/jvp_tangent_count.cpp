// error: duet: the tangents must have the structure of the primals
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <tuple>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x, auto y) { return x * y; };
static_assert(duet::jvp(f, std::tuple(2.0, 3.0), 1.0).second == 3);
#else
constexpr auto f = [](auto x, auto y) { return x * y; };
static_assert(duet::jvp(f, std::tuple(2.0, 3.0), std::tuple(1.0, 0.0)).second == 3);
#endif
