// error: duet: the backward function of custom_vjp must return one cotangent for each argument
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_vjp([](auto x, auto y) { return x * y; },
                                    [](auto x, auto y) { return std::pair(x * y, std::pair(x, y)); },
                                    [](auto xy, auto w) { return xy.second * w; });
static_assert(duet::grad(f)(3.0, 2.0) == std::tuple(2.0, 3.0));
#else
constexpr auto f = duet::custom_vjp([](auto x, auto y) { return x * y; },
                                    [](auto x, auto y) { return std::pair(x * y, std::pair(x, y)); },
                                    [](auto xy, auto w) { return std::tuple(xy.second * w, xy.first * w); });
static_assert(duet::grad(f)(3.0, 2.0) == std::tuple(2.0, 3.0));
#endif
