// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/product.hpp>
#include <duet/tensor/conv.hpp>
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
  const Tensor<T> all = tensor::whole_of_batch<T>(x);
  const Tensor<T> y = tensor::normalised(all, tensor::last_axes(axes), static_cast<T>(eps), where);
  if constexpr (tensor::batched<X>) {
    return op::apply<op::Add>(op::apply<op::Multiply>(Batched<T>(y), weight), bias);
  } else {
    return op::apply<op::Add>(op::apply<op::Multiply>(y, weight), bias);
  }
}

/// `conv2d` of samples. Where weights are samples' own, samples are the groups of one large image.
template <class X, class W>
requires tensor::some_batched<X, W>
auto conv2d(const X& x, const W& weight, const W& bias, const Conv2dOptions& options = {},
            const std::source_location& where = std::source_location::current()) {
  using T = typename W::value_type;
  if constexpr (!tensor::batched<W>) {
    if (x.dimension() != 3) throw tensor::shape_error("conv2d", x.shape(), weight.shape(), "of samples don't fit");
    return Batched<T>(conv2d(x.all(), weight, bias, options, where));
  } else {
    const Shape image = x.shape(), window = weight.shape();
    if (image.size() != 3 || window.size() != 4) {
      throw tensor::shape_error("conv2d", image, window, "of samples don't fit");
    }
    const std::size_t samples = tensor::common_samples(x, weight);
    const Tensor<T> images = tensor::expanded(tensor::whole_of_batch<T>(x), tensor::batch_shape(samples, image), where);
    Conv2dOptions in_groups = options;
    in_groups.groups *= samples;
    const Tensor<T> y = conv2d(
        tensor::reshaped(images, {1, samples * image[0], image[1], image[2]}, where),
        tensor::reshaped(weight.all(), {samples * window[0], window[1], window[2], window[3]}, where),
        bias.defined() ? tensor::reshaped(bias.all(), {samples * window[0]}, where) : Tensor<T>(), in_groups, where);
    return Batched<T>(tensor::reshaped(y, {samples, window[0], y.shape()[2], y.shape()[3]}, where));
  }
}

}  // namespace duet
