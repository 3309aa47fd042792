// error: duet: second derivatives need a function with one scalar result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/duet.hpp>

constexpr auto f = [](auto x) { return std::array{x, x * x}; };
#ifdef DUET_FAIL
static_assert(duet::hessian(f)(2.0)(0, 0) == 2);
#else
static_assert(duet::derivative<2>(f)(2.0)[1] == 2);
#endif
