// error: duet: the value that a rule returns must have the structure of the function's result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_jvp([](auto x) { return x * x; },
                                    [](auto x, auto t) { return std::pair(std::tuple(x * x), std::tuple(2 * x * t)); });
static_assert(duet::grad(f)(3.0) == 6);
#else
constexpr auto f =
    duet::custom_jvp([](auto x) { return x * x; }, [](auto x, auto t) { return std::pair(x * x, 2 * x * t); });
static_assert(duet::grad(f)(3.0) == 6);
#endif
