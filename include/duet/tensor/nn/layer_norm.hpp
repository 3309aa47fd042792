// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/composed.hpp>
#include <duet/tensor/nn/parameter.hpp>
#include <duet/tensor/statistics.hpp>

/// Layers that bring what goes through them to mean 0 and variance 1.
namespace duet {

namespace tensor {

/// Normalised rows of `width` elements each, and what their pullback needs.
template <class T>
class Rows {
 public:
  Rows(const Shape& shape, std::size_t axes, double eps)
      : eps_(static_cast<T>(eps)),
        width_(size_of(Shape(shape.end() - static_cast<std::ptrdiff_t>(axes), shape.end()))) {
    for (std::size_t k = 0; k < axes; ++k) axes_.list.push_back(-1 - static_cast<std::ptrdiff_t>(k));
    axes_.all = false;
  }

  /// y = (x - mean) / sqrt(variance + eps).
  Tensor<T> operator()(const Tensor<T>& x, const std::source_location& where) const {
    return operation<T>(
        "LayerNorm", {x}, {.inputs = true}, where,
        [&] {
          Tensor<T> y = Tensor<T>::uninitialized(x.shape());
          each(x, [&](std::size_t at, T mean, T scale) {
            for (std::size_t i = at; i < at + width_; ++i) y.data()[i] = (x.data()[i] - mean) * scale;
          });
          return y;
        },
        [rows = *this, where](const Call<T>& call) {
          const Tensor<T> of = call.input(0), w = call.cotangent();
          return Tensors<T>{recording ? rows.recorded_pullback(of, w, where) : rows.pullback(of, w)};
        });
  }

 private:
  /// Calls `f(first element, mean, 1 / sqrt(variance + eps))` for every row.
  template <class F>
  void each(const Tensor<T>& x, const F& f) const {
    const T size = static_cast<T>(width_);
    for (std::size_t at = 0; at < x.size(); at += width_) {
      T mean = 0, square = 0;
      for (std::size_t i = at; i < at + width_; ++i) mean += x.data()[i];
      mean /= size;
      for (std::size_t i = at; i < at + width_; ++i) square += (x.data()[i] - mean) * (x.data()[i] - mean);
      f(at, mean, 1 / std::sqrt(square / size + eps_));
    }
  }

  /// x' = (y' - mean(y') - y mean(y' y)) / sqrt(variance + eps) with the cotangents x' and y' = w (Ba et al., 2016).
  Tensor<T> pullback(const Tensor<T>& x, const Tensor<T>& w) const {
    Tensor<T> result = Tensor<T>::uninitialized(x.shape());
    const T* const in = x.data();
    const T* const v = w.data();
    each(x, [&](std::size_t at, T mean, T scale) {
      T sum = 0, product = 0;
      for (std::size_t i = at; i < at + width_; ++i) {
        sum += v[i];
        product += v[i] * (in[i] - mean) * scale;
      }
      sum /= static_cast<T>(width_);
      product /= static_cast<T>(width_);
      for (std::size_t i = at; i < at + width_; ++i) {
        result.data()[i] = (v[i] - sum - (in[i] - mean) * scale * product) * scale;
      }
    });
    return result;
  }
  Tensor<T> recorded_pullback(const Tensor<T>& x, const Tensor<T>& w, const std::source_location& where) const {
    const Tensor<T> y = (*this)(x, where);
    const auto scaled = [](const auto& v, const auto& a, const auto& b, const auto& c, const auto& square,
                           const auto& eps) { return (v - a - b * c) / sqrt(square + eps); };
    return composed(scaled, w, mean_of(w), y, mean_of(mul(w, y)), var(x, axes_, true, 0, where), eps_);
  }
  Tensor<T> mean_of(const Tensor<T>& x) const { return div(duet::sum(x, axes_, true), static_cast<T>(width_)); }

  T eps_;
  std::size_t width_;
  Axes axes_;
};

}  // namespace tensor

/// (x - mean) / sqrt(variance + eps) along the last axes, as many as `weight` has, times `weight` plus `bias`. Throws
/// ShapeError where these axes have other sizes.
template <tensor::tensorial X, class T = typename X::value_type>
Tensor<T> layer_norm(const X& x, const Tensor<T>& weight, const Tensor<T>& bias, double eps = 1e-5,
                     const std::source_location& where = std::source_location::current()) {
  const Tensor<T> t(x);
  const Shape& shape = t.shape();
  const std::size_t axes = weight.dimension();
  if (axes == 0 || axes > shape.size() || bias.shape() != weight.shape() ||
      !std::equal(shape.end() - static_cast<std::ptrdiff_t>(axes), shape.end(), weight.shape().begin())) {
    throw tensor::shape_error("layer_norm", shape, weight.shape(), "of the input and the weight have other last axes");
  }
  const auto affine = [](const auto& y, const auto& w, const auto& b) { return y * w + b; };
  return tensor::composed(affine, tensor::Rows<T>(shape, axes, eps)(t, where), weight, bias);
}

namespace nn {

/// A number that belongs to a layer and is no parameter.
class Setting {
 public:
  Setting() = default;
  Setting(double value) : value_(value) {}
  operator double() const { return value_; }

 private:
  double value_ = 0;
};

/// Layer normalisation (Ba, Kiros and Hinton, 2016) over the last axes, whose shape is given: `LayerNorm({16})`.
template <class T = double>
struct LayerNorm {
  BOOST_HANA_DEFINE_STRUCT(LayerNorm, (Parameter<T>, weight), (Parameter<T>, bias), (Setting, eps));

  LayerNorm() = default;
  explicit LayerNorm(const Shape& shape, double epsilon = 1e-5)
      : weight(parameter<T>(shape)), bias(parameter<T>(shape)), eps(epsilon) {
    init::ones(weight);
  }

  template <class X>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    return layer_norm(x, weight, bias, eps, where);
  }
};

}  // namespace nn
}  // namespace duet
