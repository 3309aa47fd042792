// error: duet: grad needs a function with one scalar result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/duet.hpp>

constexpr auto f = [](const auto& x) { return x; };
#ifdef DUET_FAIL
auto slopes(const std::vector<double>& x) { return duet::grad(f)(x); }
#else
auto slopes(const std::vector<double>& x) { return duet::jacobian(f)(x); }
#endif
