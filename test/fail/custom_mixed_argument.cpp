// error: duet: an argument of a function with its own rule mixes differentiated numbers with integers
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f =
    duet::custom_jvp([](const auto& x) { return std::get<0>(x) * std::get<1>(x); },
                     [](const auto& x, const auto& t) {
                       return std::pair(std::get<0>(x) * std::get<1>(x), std::get<0>(t) * std::get<1>(x));
                     });
static_assert(duet::grad<duet::Forward>([](auto x) { return f(std::tuple(x, 3)); })(2.0) == 3);
#else
constexpr auto f =
    duet::custom_jvp([](const auto& x, int n) { return x * n; },
                     [](const auto& x, const auto& t) {
                       return std::pair(std::get<0>(x) * std::get<1>(x), std::get<0>(t) * std::get<1>(x));
                     });
static_assert(duet::grad<duet::Forward>([](auto x) { return f(x, 3); })(2.0) == 3);
#endif
