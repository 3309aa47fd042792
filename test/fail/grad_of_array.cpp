// error: duet: grad needs a function with one scalar result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) { return std::array{x, x * x}; };
static_assert(duet::grad(f)(2.0) == 4);
#else
constexpr auto f = [](auto x) { return std::array{x, x * x}; };
static_assert(duet::jacobian(f)(2.0)(1, 0) == 4);
#endif
