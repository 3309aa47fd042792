// error: duet: the function of a fixed point must return what it is given, in the same structure
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/implicit.hpp>

#ifdef DUET_FAIL
constexpr auto g = [](const auto&, const auto& p) { return std::array{p, p}; };
constexpr auto x = duet::fixed_point(g, [](auto p) { return p; });
const auto d = duet::grad<duet::Forward>(x)(1.0);
#else
constexpr auto g = [](const auto&, const auto& p) { return p; };
constexpr auto x = duet::fixed_point(g, [](auto p) { return p; });
const auto d = duet::grad<duet::Forward>(x)(1.0);
#endif
