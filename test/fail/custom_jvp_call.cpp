// error: duet: the rule of custom_jvp is called with the primals and the tangents
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_jvp([](auto x, auto y) { return x * y; },
                                    [](auto x, auto y, auto dx, auto dy) { return std::pair(x * y, x * dy + dx * y); });
static_assert(duet::grad(f)(3.0, 2.0) == std::tuple(2.0, 3.0));
#else
constexpr auto f = duet::custom_jvp([](auto x, auto y) { return x * y; },
                                    [](const auto& primals, const auto& tangents) {
                                      const auto& [x, y] = primals;
                                      const auto& [dx, dy] = tangents;
                                      return std::pair(x * y, x * dy + dx * y);
                                    });
static_assert(duet::grad(f)(3.0, 2.0) == std::tuple(2.0, 3.0));
#endif
