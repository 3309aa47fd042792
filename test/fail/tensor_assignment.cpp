// error: duet: elements of a tensor are assigned numbers, tensors and formulas of tensors
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/forward/dual.hpp>
#include <duet/tensor/create.hpp>
#include <duet/tensor/selection.hpp>

void misuse() {
  duet::Tensor<double> x = duet::arange(4.0);
#ifdef DUET_FAIL
  x(0) = duet::Dual<double, 1>(1);
#else
  x(0) = 1;
#endif
}
