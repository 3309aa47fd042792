// error: duet: the result has a size known only at run time
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/duet.hpp>

constexpr auto f = []<class T>(const T& x) { return std::vector<T>{x, x * x}; };
#ifdef DUET_FAIL
auto slopes(double x) { return duet::jacobian(f)(x); }
#else
auto slopes(double x) { return duet::jacobian<duet::DynamicTape>(f)(x); }
#endif
