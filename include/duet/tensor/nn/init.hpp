// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/compiled.hpp>
#include <duet/tensor/create.hpp>

/// What parameters are before training. Each function fills a tensor; the same generator and seed give the same numbers
/// on every platform, in the same place.
namespace duet::nn::init {

template <class T, class P>
void constant(Tensor<T, P> x, double value) {
  tensor::Memory<P>::fill(x.data(), x.size(), static_cast<T>(value));
  x.changed();
}
template <class T, class P>
void zeros(const Tensor<T, P>& x) {
  constant(x, 0);
}
template <class T, class P>
void ones(const Tensor<T, P>& x) {
  constant(x, 1);
}
/// start + factor * numbers
template <class T, class P>
void scaled(Tensor<T, P> x, const Tensor<T, P>& numbers, double start, double factor) {
  const auto rule = [](auto number, auto start, auto factor) { return start + factor * number; };
  tensor::compute<P, T>(rule, x.shape(), {numbers.data()}, {static_cast<T>(start), static_cast<T>(factor)}, {x.data()});
  x.changed();
}
/// Uniform in [low, high).
template <class T, class P>
void uniform(const Tensor<T, P>& x, double low, double high, Generator& generator) {
  scaled(x, rand<T, P>(x.shape(), generator), low, high - low);
}
template <class T, class P>
void normal(const Tensor<T, P>& x, double mean, double deviation, Generator& generator) {
  scaled(x, randn<T, P>(x.shape(), generator), mean, deviation);
}

/// How many numbers go into each result of a layer, and how many results each number goes to.
struct Fan {
  double in, out;
};
/// That of a weight of shape (outputs, inputs, window...). Throws ShapeError for fewer than two axes.
inline Fan fan_of(const Shape& shape) {
  if (shape.size() < 2) {
    throw ShapeError("nn::init: a weight of shape " + to_string(shape) +
                     " has no inputs and outputs, two axes at least");
  }
  double window = 1;
  for (std::size_t axis = 2; axis < shape.size(); ++axis) window *= static_cast<double>(shape[axis]);
  return {static_cast<double>(shape[1]) * window, static_cast<double>(shape[0]) * window};
}

/// Keeps the variance of what goes forward (He et al., 2015): variance gain^2 / inputs. The gain of relu is sqrt(2).
template <class T, class P>
void kaiming_uniform(const Tensor<T, P>& x, Generator& generator, double gain = std::numbers::sqrt2) {
  const double bound = gain * std::sqrt(3 / fan_of(x.shape()).in);
  uniform(x, -bound, bound, generator);
}
template <class T, class P>
void kaiming_normal(const Tensor<T, P>& x, Generator& generator, double gain = std::numbers::sqrt2) {
  normal(x, 0, gain / std::sqrt(fan_of(x.shape()).in), generator);
}

/// Keeps the variance of what goes forward and of what comes back (Glorot and Bengio, 2010): variance
/// gain^2 2 / (inputs + outputs).
template <class T, class P>
void xavier_uniform(const Tensor<T, P>& x, Generator& generator, double gain = 1) {
  const Fan fan = fan_of(x.shape());
  const double bound = gain * std::sqrt(6 / (fan.in + fan.out));
  uniform(x, -bound, bound, generator);
}
template <class T, class P>
void xavier_normal(const Tensor<T, P>& x, Generator& generator, double gain = 1) {
  const Fan fan = fan_of(x.shape());
  normal(x, 0, gain * std::sqrt(2 / (fan.in + fan.out)), generator);
}

/// What PyTorch gives weight and bias of a linear layer or a convolution: uniform, within 1 / sqrt(inputs).
template <class T, class P>
void layer(const Tensor<T, P>& weight, const Tensor<T, P>& bias, Generator& generator) {
  const double bound = 1 / std::sqrt(fan_of(weight.shape()).in);
  uniform(weight, -bound, bound, generator);
  if (bias.defined()) uniform(bias, -bound, bound, generator);
}

}  // namespace duet::nn::init
