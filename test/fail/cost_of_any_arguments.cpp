// error: duet: name the argument types, as in cost<F, double, std::array<double, 3>>
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

constexpr auto norm = []<class T>(const std::array<T, 2>& x) { return x[0] * x[0] + x[1] * x[1]; };
#ifdef DUET_FAIL
constexpr auto cost = duet::cost<decltype(norm)>;
#else
constexpr auto cost = duet::cost<decltype(norm), std::array<double, 2>>;
#endif
static_assert(cost.additions > 0);
