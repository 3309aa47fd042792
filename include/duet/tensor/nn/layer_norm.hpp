// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/composed.hpp>
#include <duet/tensor/nn/parameter.hpp>
#include <duet/tensor/statistics.hpp>

/// Layers that bring what goes through them to mean 0 and variance 1.
namespace duet {

namespace tensor {

namespace by_line {

/// What a line is normalised by: its mean, and 1 / sqrt(variance + eps).
template <class Batch>
struct Moments {
  Batch mean, scale;

  template <class Line, class T>
  constexpr Moments(const Line& line, const T* x, T eps)
      : mean(line.sum(Itself{}, x) / Batch(static_cast<T>(line.size))),
        scale(Batch(T(1)) /
              op::Sqrt::value(Batch(centred_squares(line, x) / Batch(static_cast<T>(line.size)) + Batch(eps)))) {}
  constexpr Batch operator()(const Batch& x) const { return (x - mean) * scale; }
};

/// y = (x - mean) / sqrt(variance + eps).
template <class T>
struct Normalised {
  T eps;

  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Moments<Batch> moments(line, in[0], eps);
    line.map(
        out[0], [&](const Batch& x) { return moments(x); }, in[0]);
  }
};

/// x' = (w - mean(w) - y mean(w y)) / sqrt(variance + eps), where w is the cotangent of y (Ba et al., 2016).
template <class T>
struct NormalisedPullback {
  T eps;

  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch size(static_cast<T>(line.size));
    const Moments<Batch> moments(line, in[0], eps);
    const Batch mean = line.sum(Itself{}, in[1]) / size;
    const Batch product = line.sum([&](const Batch& x, const Batch& w) { return w * moments(x); }, in[0], in[1]) / size;
    line.map(
        out[0], [&](const Batch& x, const Batch& w) { return (w - mean - moments(x) * product) * moments.scale; },
        in[0], in[1]);
  }
};

}  // namespace by_line

inline Axes last_axes(std::size_t count) {
  Axes axes;
  for (std::size_t k = 0; k < count; ++k) axes.list.push_back(-1 - static_cast<std::ptrdiff_t>(k));
  axes.all = false;
  return axes;
}

/// (x - mean) / sqrt(variance + eps) along `axes`.
template <class T, class P>
Tensor<T, P> normalised(const Tensor<T, P>& x, const Axes& axes, T eps, const std::source_location& where) {
  const char* const name = "layer_norm";
  return operation<T, P>(
      "LayerNorm", {x}, {.inputs = true}, where,
      [&] { return line_by_line(name, std::array{&x}, axes, by_line::Normalised<T>{eps}); },
      [name, axes, eps, where](const Call<T, P>& call) {
        const Tensor<T, P> x = call.input(0), &w = call.cotangent();
        if (!recording) {
          const by_line::NormalisedPullback<T> pullback{eps};
          return Tensors<T, P>{line_by_line(name, std::array{&x, &w}, axes, pullback)};
        }
        const auto mean_of = [&](const Tensor<T, P>& z) {
          const Tensor<T, P> sums = duet::sum(z, axes, true);
          return mul(sums, static_cast<T>(sums.size()) / static_cast<T>(z.size()));
        };
        const Tensor<T, P> y = normalised(x, axes, eps, where);
        const auto rule = [](const auto& v, const auto& a, const auto& b, const auto& c, const auto& square,
                             const auto& eps) { return (v - a - b * c) / sqrt(square + eps); };
        return Tensors<T, P>{composed(rule, w, mean_of(w), y, mean_of(mul(w, y)), var(x, axes, true, 0, where), eps)};
      });
}

}  // namespace tensor

/// (x - mean) / sqrt(variance + eps) along the last axes, as many as `weight` has, times `weight` plus `bias`. Throws
/// ShapeError where these axes have other sizes.
template <tensor::tensorial X>
auto layer_norm(const X& x, const tensor::TensorOf<X>& weight, const tensor::TensorOf<X>& bias, double eps = 1e-5,
                const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  const tensor::TensorOf<X> t(x);
  const Shape& shape = t.shape();
  const std::size_t axes = weight.dimension();
  if (axes == 0 || axes > shape.size() || bias.shape() != weight.shape() ||
      !std::equal(shape.end() - static_cast<std::ptrdiff_t>(axes), shape.end(), weight.shape().begin())) {
    throw tensor::shape_error("layer_norm", shape, weight.shape(), "of the input and the weight have other last axes");
  }
  const auto affine = [](const auto& y, const auto& w, const auto& b) { return y * w + b; };
  const auto y = tensor::normalised(t, tensor::last_axes(axes), static_cast<T>(eps), where);
  return tensor::composed(affine, y, weight, bias);
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
template <class T = double, class P = DefaultPlace>
struct LayerNorm {
  BOOST_HANA_DEFINE_STRUCT(LayerNorm, (Parameter<T, P>, weight), (Parameter<T, P>, bias), (Setting, eps));

  LayerNorm() = default;
  explicit LayerNorm(const Shape& shape, double epsilon = 1e-5)
      : weight(parameter<Parameter<T, P>>(shape)), bias(parameter<Parameter<T, P>>(shape)), eps(epsilon) {
    init::ones(weight);
  }

  template <class X>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    return layer_norm(x, weight, bias, eps, where);
  }
};

}  // namespace nn
}  // namespace duet
