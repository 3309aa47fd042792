// error: duet: the cotangents must have the structure of the function's result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](const auto& x) { return x[0] * x[0] * x[1]; };
static_assert(duet::vhp(f, std::array{2.0, 3.0}, 1.0) == std::array{6.0, 4.0});
#else
constexpr auto f = [](const auto& x) { return x[0] * x[0] * x[1]; };
static_assert(duet::vhp(f, std::array{2.0, 3.0}, std::array{1.0, 0.0}) == std::array{6.0, 4.0});
#endif
