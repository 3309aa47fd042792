// error: duet: a rule that calls its own function can be recorded on the static tape only if
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_jvp([](double x) { return x * x; },
                                    [](const auto& self, auto x, auto t) { return std::pair(self(x), 2 * x * t); });
static_assert(duet::grad<duet::StaticTape>(f)(3.0) == 6);
#else
constexpr auto f = duet::custom_jvp([](double x) { return x * x; },
                                    [](const auto& self, auto x, auto t) { return std::pair(self(x), 2 * x * t); });
static_assert(duet::grad<duet::Forward>(f)(3.0) == 6);
#endif
