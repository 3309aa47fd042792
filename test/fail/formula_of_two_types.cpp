// error: duet: a formula of tensors of float and tensors of double; convert one of them with to<T>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/statement.hpp>

duet::Tensor<double> misuse(const duet::Tensor<double>& x, const duet::Tensor<float>& y) {
#ifdef DUET_FAIL
  return x * y;
#else
  return x * y.to<double>();
#endif
}
