// error: duet: derivative needs a function of one scalar
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](const auto& x) { return x[0] * x[0]; };
static_assert(duet::derivative(f)(std::array{2.0}) == 4);
#else
constexpr auto f = [](const auto& x) { return x[0] * x[0]; };
static_assert(duet::grad(f)(std::array{2.0})[0] == 4);
#endif
