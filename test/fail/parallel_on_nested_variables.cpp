// error: duet: variables of a tape that other variables are made of can't be recorded in several threads
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/forward/forward.hpp>
#include <duet/tape/parallel_map.hpp>

#ifdef DUET_FAIL
using Scalar = duet::Var<double>;
#else
using Scalar = duet::Dual<double>;
#endif
auto run(const duet::Var<Scalar>& x) {
  return duet::parallel_map(
      10, [](std::size_t, const auto& a) { return a * a; }, x);
}
