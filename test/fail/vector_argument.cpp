// error: duet: an argument has a size known only at run time
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto f = [](const auto& v) { return duet::square(v); };
auto slope(const std::vector<double>& x) { return duet::grad(f)(x); }
#else
constexpr auto f = [](const auto& v) { return duet::square(v); };
auto slope(const std::vector<double>& x) { return duet::grad(f)(x[0]); }
#endif
