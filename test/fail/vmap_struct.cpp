// error: duet: samples take the place of tensors in a structure, so a struct has to be a template on its numbers
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/create.hpp>
#include <duet/tensor/nn/parameter.hpp>
#include <duet/tensor/vmap.hpp>

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
const auto f = duet::per_sample_grad([](const auto& line, const auto& x) { return line.slope * x; });
const Model gradients = f(Model{duet::Tensor<double>(2.0)}, duet::arange(4.0));
