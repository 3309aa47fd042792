// error: duet: the order of a series can't be negative
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr duet::Series<double, -1> x(2.0);
#else
constexpr duet::Series<double, 0> x(2.0);
#endif
