// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/product.hpp>
#include <duet/tensor/nn/layer_norm.hpp>

/// Layers of samples, with parameters that all share or that are samples' own.
namespace duet {

template <class X, class W>
requires tensor::some_batched<X, W>
auto layer_norm(const X& x, const W& weight, const W& bias, double eps = 1e-5,
                const std::source_location& where = std::source_location::current()) {
  using T = typename W::value_type;
  const Shape sample = x.shape(), given = weight.shape();
  const std::size_t axes = given.size();
  if (axes == 0 || axes > sample.size() || bias.shape() != given ||
      !std::equal(given.begin(), given.end(), sample.end() - static_cast<std::ptrdiff_t>(axes))) {
    throw tensor::shape_error("layer_norm", sample, given, "of the input and the weight have other last axes");
  }
  const Tensor<T> all = tensor::whole_of_batch<T>(x), y = tensor::Rows<T>(all.shape(), axes, eps)(all, where);
  if constexpr (tensor::batched<X>) {
    return op::apply<op::Add>(op::apply<op::Multiply>(Batched<T>(y), weight), bias);
  } else {
    return op::apply<op::Add>(op::apply<op::Multiply>(y, weight), bias);
  }
}

}  // namespace duet
