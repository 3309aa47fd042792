// error: duet: arrays that name elements of a tensor hold integers or truth values
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/create.hpp>
#include <duet/tensor/selection.hpp>

void misuse() {
  duet::Tensor<double> x = duet::arange(4.0);
#ifdef DUET_FAIL
  x(std::vector<double>{0, 1}) = 2;
#else
  x(std::vector<int>{0, 1}) = 2;
#endif
}
