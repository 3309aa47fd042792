// error: duet: the derivatives of a root of several unknowns take a linear solver
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/implicit.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](const auto& x, const auto& p) { return std::array{x[0] - p, x[1] - p}; };
constexpr auto solver = [](auto p) { return std::array{p, p}; };
constexpr auto x = duet::root(f, solver);
const auto j = duet::jacobian<duet::Forward>(x)(1.0);
#else
constexpr auto f = [](const auto& x, const auto& p) { return x - p; };
constexpr auto solver = [](auto p) { return p; };
constexpr auto x = duet::root(f, solver);
const auto j = duet::jacobian<duet::Forward>(x)(1.0);
#endif
