// error: duet: this expression has more arguments than were given
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
static_assert((duet::arg<0> * duet::arg<1>)(2.0) == 6);
#else
static_assert((duet::arg<0> * duet::arg<1>)(2.0, 3.0) == 6);
#endif
