// error: duet: a model with tensors of float and tensors of double; convert one of them with to<T>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/parameters.hpp>

struct Model {
  duet::Tensor<double> weight;
#ifdef DUET_FAIL
  duet::Tensor<float> bias;
#else
  duet::Tensor<double> bias;
#endif
};
const auto all = duet::parameters(Model{});
