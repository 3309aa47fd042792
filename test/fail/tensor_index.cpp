// error: duet: an index of a tensor is an integer, a range
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/create.hpp>
#include <duet/tensor/selection.hpp>

void misuse() {
  duet::Tensor<double> x = duet::arange(4.0);
#ifdef DUET_FAIL
  x(1.0) = 2;
#else
  x(1) = 2;
#endif
}
