// error: duet: this branches on a differentiated value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <tuple>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x, auto y) { return x < y ? x : y; };
static_assert(duet::grad(f)(1.0, 2.0) == std::tuple(1.0, 0.0));
#else
constexpr auto f = [](auto x, auto y) { return min(x, y); };
static_assert(duet::grad(f)(1.0, 2.0) == std::tuple(1.0, 0.0));
#endif
