// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/reduce.hpp>
#include <duet/tensor/rearrange.hpp>

/// Other shapes and orders of samples' elements; sizes and axes are those of a sample.
namespace duet {

template <tensor::batched X>
auto reshape(const X& x, const Sizes& sizes) {
  using T = typename X::value_type;
  const Shape sample = tensor::shape_from(sizes, x.shape());
  return Batched<T>(tensor::reshaped(x.all(), tensor::batch_shape(x.samples(), sample), {}));
}

template <tensor::batched X>
auto flatten(const X& x, std::ptrdiff_t first = 0, std::ptrdiff_t last = -1) {
  using T = typename X::value_type;
  if (x.dimension() == 0) return reshape(x, {1});
  return Batched<T>(flatten(x.all(), tensor::batch_axis("flatten", x.shape(), first),
                            tensor::batch_axis("flatten", x.shape(), last)));
}

template <tensor::batched X>
auto squeeze(const X& x, std::ptrdiff_t axis) {
  return Batched<typename X::value_type>(squeeze(x.all(), tensor::batch_axis("squeeze", x.shape(), axis)));
}

template <tensor::batched X>
auto unsqueeze(const X& x, std::ptrdiff_t axis) {
  Shape longer = x.shape();
  longer.push_back(1);
  return Batched<typename X::value_type>(unsqueeze(x.all(), tensor::batch_axis("unsqueeze", longer, axis)));
}

template <tensor::batched X>
auto transpose(const X& x, std::ptrdiff_t a = -2, std::ptrdiff_t b = -1) {
  return Batched<typename X::value_type>(
      transpose(x.all(), tensor::batch_axis("transpose", x.shape(), a), tensor::batch_axis("transpose", x.shape(), b)));
}

template <tensor::batched X>
auto permute(const X& x, const Axes& axes) {
  Axes of_batch(0);
  for (std::ptrdiff_t axis : axes.list) of_batch.list.push_back(tensor::batch_axis("permute", x.shape(), axis));
  return Batched<typename X::value_type>(permute(x.all(), of_batch));
}

}  // namespace duet
