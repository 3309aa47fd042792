// error: duet: the order of a Taylor polynomial can't be negative
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
constexpr auto c = duet::taylor<-1>([](auto x) { return x * x; }, 2.0, 1.0);
#else
constexpr auto c = duet::taylor<0>([](auto x) { return x * x; }, 2.0, 1.0);
#endif
