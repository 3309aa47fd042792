// error: duet: the backward function of custom_vjp must return one cotangent for each argument
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>

#ifdef DUET_FAIL
constexpr auto f =
    duet::custom_vjp([](auto x) { return x[0] * x[1]; }, [](auto x) { return std::pair(x[0] * x[1], x); },
                     [](auto x, auto w) {
                       return std::array{x[1] * w, x[0] * w, w};
                     });
static_assert(duet::grad<duet::Forward>(f)(std::array{3.0, 2.0}) == std::array{2.0, 3.0});
#else
constexpr auto f =
    duet::custom_vjp([](auto x) { return x[0] * x[1]; }, [](auto x) { return std::pair(x[0] * x[1], x); },
                     [](auto x, auto w) {
                       return std::array{x[1] * w, x[0] * w};
                     });
static_assert(duet::grad<duet::Forward>(f)(std::array{3.0, 2.0}) == std::array{2.0, 3.0});
#endif
