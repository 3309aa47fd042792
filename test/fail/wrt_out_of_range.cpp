// error: duet: wrt<...> names an argument that the function is not called with
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](auto x, auto y) { return x * y; };
constexpr auto g = duet::grad(f, duet::wrt<2>)(2.0, 3.0);
#else
constexpr auto f = [](auto x, auto y) { return x * y; };
constexpr auto g = duet::grad(f, duet::wrt<0>)(2.0, 3.0);
#endif
