// error: duet: other tensors take the place of a structure's, so a struct has to be a template on its numbers
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/nn/parameter.hpp>

#ifdef DUET_FAIL
struct Line {
  duet::Tensor<double> slope;
};
using Model = Line;
#else
template <class T>
struct Line {
  duet::nn::Parameter<T> slope;
};
using Model = Line<double>;
#endif
const auto moved = duet::to<float>(Model{duet::Tensor<double>(2.0)});
