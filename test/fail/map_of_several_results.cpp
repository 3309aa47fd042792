// error: duet: map over tensors takes a function that returns one number
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/tensor/map.hpp>

auto misuse(const duet::Tensor<double>& x) {
#ifdef DUET_FAIL
  return map([](auto a) { return std::array{a * a, a}; }, each(x));
#else
  return map([](auto a) { return a * a; }, each(x));
#endif
}
