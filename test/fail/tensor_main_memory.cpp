// error: duet: this operation works on tensors in main memory; move them with to<Host>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/linalg/solve.hpp>

#ifdef DUET_FAIL
struct Place {
  static constexpr const char* name = "Place";
  static constexpr bool is_main_memory = false;
};
#else
using Place = duet::Host;
#endif
auto determinant(const duet::Tensor<double, Place>& matrix) { return duet::det(matrix); }
