// error: duet: grad needs a function with one scalar result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <tuple>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x) { return std::tuple(x, x * x); };
static_assert(duet::grad<duet::Forward>(f)(2.0) == 4);
#else
constexpr auto f = [](auto x) { return std::get<1>(std::tuple(x, x * x)); };
static_assert(duet::grad<duet::Forward>(f)(2.0) == 4);
#endif
