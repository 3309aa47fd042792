// error: duet: on the static tape a callable with captured state can't be differentiated with respect to parts of a
// structure Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

double run(double factor) {
  const auto f = [factor](const auto& p) { return factor * p.first * p.second; };
#ifdef DUET_FAIL
  return duet::grad(f, duet::wrt<"[1]">)(std::pair(2.0, 3.0));
#else
  return duet::grad<duet::Forward>(f, duet::wrt<"[1]">)(std::pair(2.0, 3.0));
#endif
}
