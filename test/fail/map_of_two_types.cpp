// error: duet: a map over tensors of float and tensors of double; convert one of them with to<T>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/map.hpp>

duet::Tensor<double> misuse(const duet::Tensor<double>& x, const duet::Tensor<float>& y) {
  constexpr auto product = [](auto a, auto b) { return a * b; };
#ifdef DUET_FAIL
  return map(product, each(x), each(y));
#else
  return map(product, each(x), each(y.to<double>()));
#endif
}
