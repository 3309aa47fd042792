// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/sample.hpp>
#include <duet/tensor/reduce.hpp>
#include <duet/tensor/scan.hpp>
#include <duet/tensor/softmax.hpp>
#include <duet/tensor/statistics.hpp>

/// Reductions of samples: for each sample what the function of the same name computes for a tensor, with axes of a
/// sample.
namespace duet {

namespace tensor {

/// Axes of a sample as axes of the batch.
inline Axes batch_axes(const char* operation, const Shape& sample, const Axes& axes) {
  Axes result;
  result.all = false;
  for (std::size_t axis = 0; axes.all && axis < sample.size(); ++axis) {
    result.list.push_back(static_cast<std::ptrdiff_t>(axis) + 1);
  }
  for (std::ptrdiff_t axis : axes.list) {
    result.list.push_back(static_cast<std::ptrdiff_t>(axis_of(operation, axis, sample)) + 1);
  }
  return result;
}
inline std::ptrdiff_t batch_axis(const char* operation, const Shape& sample, std::ptrdiff_t axis) {
  return static_cast<std::ptrdiff_t>(axis_of(operation, axis, sample)) + 1;
}

/// `reduce(all samples, axes)` over axes of a sample.
template <class X, class F>
auto over_sample(const char* operation, const X& x, const Axes& axes, const F& reduce) {
  using T = typename X::value_type;
  const Axes of_batch = batch_axes(operation, x.shape(), axes);
  if (!of_batch.list.empty()) return Batched<T>(reduce(x.all(), of_batch));
  const Tensor<T> lines = reshaped(x.all(), {x.samples(), 1}, {});  // each sample is a number: a line of one element
  return Batched<T>(reshaped(Tensor<T>(reduce(lines, Axes(1))), {x.samples()}, {}));
}

}  // namespace tensor

template <tensor::batched X>
auto sum(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("sum", x, axes, [&](const auto& all, const Axes& of) { return sum(all, of, keep_dims); });
}

template <tensor::batched X>
auto mean(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("mean", x, axes,
                             [&](const auto& all, const Axes& of) { return mean(all, of, keep_dims); });
}

template <tensor::batched X>
auto prod(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("prod", x, axes,
                             [&](const auto& all, const Axes& of) { return prod(all, of, keep_dims); });
}

template <tensor::batched X>
auto amax(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("amax", x, axes,
                             [&](const auto& all, const Axes& of) { return amax(all, of, keep_dims); });
}

template <tensor::batched X>
auto amin(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("amin", x, axes,
                             [&](const auto& all, const Axes& of) { return amin(all, of, keep_dims); });
}

template <tensor::batched X>
auto logsumexp(const X& x, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("logsumexp", x, axes,
                             [&](const auto& all, const Axes& of) { return logsumexp(all, of, keep_dims); });
}

template <tensor::batched X>
auto var(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1) {
  return tensor::over_sample("var", x, axes,
                             [&](const auto& all, const Axes& of) { return var(all, of, keep_dims, correction); });
}

template <tensor::batched X>
auto std(const X& x, const Axes& axes = {}, bool keep_dims = false, double correction = 1) {
  return tensor::over_sample("std", x, axes,
                             [&](const auto& all, const Axes& of) { return std(all, of, keep_dims, correction); });
}

template <tensor::batched X>
auto norm(const X& x, double order = 2, const Axes& axes = {}, bool keep_dims = false) {
  return tensor::over_sample("norm", x, axes,
                             [&](const auto& all, const Axes& of) { return norm(all, order, of, keep_dims); });
}

template <tensor::batched X>
auto softmax(const X& x, std::ptrdiff_t axis) {
  return Batched<typename X::value_type>(softmax(x.all(), tensor::batch_axis("softmax", x.shape(), axis)));
}

template <tensor::batched X>
auto log_softmax(const X& x, std::ptrdiff_t axis) {
  return Batched<typename X::value_type>(log_softmax(x.all(), tensor::batch_axis("log_softmax", x.shape(), axis)));
}

}  // namespace duet
