// error: duet: an argument has a size known only at run time
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/duet.hpp>

constexpr auto f = [](const auto& v) { return duet::square(v[0]); };
#ifdef DUET_FAIL
auto slope(const std::vector<double>& x) { return duet::grad<duet::StaticTape>(f)(x); }
#else
auto slope(const std::vector<double>& x) { return duet::grad(f)(x); }
#endif
