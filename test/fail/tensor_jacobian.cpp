// error: duet: of the transforms grad and value_and_grad take tensors; others are in duet::autograd::functional
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>
#include <duet/tensor/functional.hpp>
#include <duet/tensor/transforms.hpp>

auto misuse(const duet::Tensor<double>& x) {
  constexpr auto f = [](const duet::Tensor<double>& y) { return duet::Tensor<double>(y * y); };
#ifdef DUET_FAIL
  return duet::jacobian(f)(x);
#else
  return duet::autograd::functional::jacobian(f, x);
#endif
}
