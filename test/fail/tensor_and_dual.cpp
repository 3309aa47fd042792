// error: duet: an operation on tensors takes tensors and numbers, and not Dual, Var or expressions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/forward/dual.hpp>
#include <duet/tensor/statement.hpp>

duet::Tensor<double> misuse(const duet::Tensor<double>& x, const duet::Dual<double>& y) {
#ifdef DUET_FAIL
  return x * y;
#else
  return x * y.primal();
#endif
}
