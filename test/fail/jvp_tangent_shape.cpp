// error: duet: the tangents must have the structure of the primals
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](const auto& x) { return x[0] * x[1]; };
static_assert(duet::jvp(f, std::array{2.0, 3.0}, std::array{1.0, 0.0, 0.0}).second == 3);
#else
constexpr auto f = [](const auto& x) { return x[0] * x[1]; };
static_assert(duet::jvp(f, std::array{2.0, 3.0}, std::array{1.0, 0.0}).second == 3);
#endif
