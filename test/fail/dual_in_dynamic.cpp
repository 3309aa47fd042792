// error: duet: numbers of two derivatives meet
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

double second(double at) {
  return duet::grad<duet::Forward>([](const auto& x) {
#ifdef DUET_FAIL
    return x * duet::grad<duet::DynamicTape>([&x](const auto& y) { return x * y; })(1.0);
#else
    return x * duet::grad<duet::DynamicTape>([](const auto& y, const auto& z) { return z * y; }, duet::wrt<0>)(1.0, x);
#endif
  })(at);
}
