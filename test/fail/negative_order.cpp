// error: duet: the order of a derivative can't be negative
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
static_assert(duet::derivative<-1>([](auto x) { return x * x; })(2.0) == 4);
#else
static_assert(duet::derivative<1>([](auto x) { return x * x; })(2.0) == 4);
#endif
