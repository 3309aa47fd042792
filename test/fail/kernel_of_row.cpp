// error: duet: kernels and maps take variables in structures whose size is known at compile time
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tape/kernel.hpp>
#include <duet/tape/variables.hpp>

auto misuse(const duet::Variables<double>& x) {
  const auto product = duet::kernel([](const auto& v) { return v[0] * v[1]; });
#ifdef DUET_FAIL
  return product(x);
#else
  return product(std::array{x[0], x[1]});
#endif
}
