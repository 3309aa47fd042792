// error: duet: the cotangents must have the structure of the function's result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) { return std::array{x, x * x}; };
static_assert(duet::vjp(f, 3.0).second(1.0) == 7);
#else
constexpr auto f = [](auto x) { return std::array{x, x * x}; };
static_assert(duet::vjp(f, 3.0).second(std::array{1.0, 1.0}) == 7);
#endif
