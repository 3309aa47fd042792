// error: duet: the tangent that the rule of custom_jvp returns must have the structure of the value
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_jvp([](auto x) { return x * x; },
                                    [](auto x, auto t) { return std::pair(x * x, std::tuple(2 * x * t)); });
static_assert(duet::grad<duet::Forward>(f)(3.0) == 6);
#else
constexpr auto f =
    duet::custom_jvp([](auto x) { return x * x; }, [](auto x, auto t) { return std::pair(x * x, 2 * x * t); });
static_assert(duet::grad<duet::Forward>(f)(3.0) == 6);
#endif
