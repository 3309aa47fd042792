// error: duet: the forward function of custom_vjp must return std::pair.value, residuals.
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f = duet::custom_vjp([](auto x) { return x * x; }, [](auto x) { return x * x; },
                                    [](auto x, auto w) { return 2 * x * w; });
static_assert(duet::grad(f)(3.0) == 6);
#else
constexpr auto f = duet::custom_vjp([](auto x) { return x * x; }, [](auto x) { return std::pair(x * x, x); },
                                    [](auto x, auto w) { return 2 * x * w; });
static_assert(duet::grad(f)(3.0) == 6);
#endif
