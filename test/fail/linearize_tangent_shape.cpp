// error: duet: the tangents must have the structure of the primals
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) { return x * x; };
static_assert(duet::linearize(f, 3.0).second(std::array{1.0}) == 6);
#else
constexpr auto f = [](auto x) { return x * x; };
static_assert(duet::linearize(f, 3.0).second(1.0) == 6);
#endif
