// error: duet: a model with tensors in different places; move one of them with to<Device>\(\) or to<Host>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/parameters.hpp>

struct Place;
template <class Model>
constexpr bool is_model = duet::model<Model>;

struct Layer {
  duet::Tensor<double, duet::Host> weight;
#ifdef DUET_FAIL
  duet::Tensor<double, Place> bias;
#else
  duet::Tensor<double, duet::Host> bias;
#endif
};
static_assert(is_model<Layer>);
