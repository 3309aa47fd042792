// error: duet: Dual<T, N> needs at least one direction
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr duet::Dual<double, 0> x(2.0);
static_assert(x.primal() == 2);
#else
constexpr duet::Dual<double, 1> x(2.0);
static_assert(x.primal() == 2);
#endif
