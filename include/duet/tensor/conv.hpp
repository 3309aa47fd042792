// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/matmul.hpp>
#include <duet/tensor/view.hpp>
#include <duet/tensor/window.hpp>

/// Convolutions (cross-correlations, as everywhere in machine learning), as products of matrices: what lies below the
/// windows becomes the columns of one (Chellapilla et al., High Performance Convolutional Neural Networks, 2006).
namespace duet {

struct Conv1dOptions {
  std::size_t stride = 1, padding = 0, dilation = 1, groups = 1;
};
struct Conv2dOptions {
  Pair stride = 1, padding = 0, dilation = 1;
  std::size_t groups = 1;
};

namespace tensor {

/// Images x, weights w and results y with y = conv(x, w). All is said by one number, the sum of the products of y and
/// conv(x, w), which is linear in each of the three; its derivative with respect to one of them is an operation on the
/// other two. So convolution, its transpose, and the gradient for the weights are each other's gradients.
struct Convolution {
  enum Part { images, weights, results };

  Window window;
  std::size_t batch, groups, inputs, outputs;  ///< channels of one group
  Shape shapes[3];

  std::size_t column() const { return inputs * window.size(); }
};

/// What is below the windows on the images of several channels: a row for each channel and element of the window, a
/// column for each place. What lies outside of the image is left as it is.
template <class T>
void to_columns(const Window& window, std::size_t channels, const T* images, T* columns) {
  const std::size_t places = window.places(), stride = window.columns.stride;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    const T* const image = images + channel * window.image();
    T* const rows = columns + channel * window.size() * places;
    window([&](std::size_t k, std::size_t from, std::size_t place, std::size_t count) {
      T* const to = rows + k * places + place;
      for (std::size_t i = 0; i < count; ++i) to[i] = image[from + i * stride];
    });
  }
}
/// Adds the columns to the images.
template <class T>
void add_columns(const Window& window, std::size_t channels, const T* columns, T* images) {
  const std::size_t places = window.places(), stride = window.columns.stride;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    T* const image = images + channel * window.image();
    const T* const rows = columns + channel * window.size() * places;
    window([&](std::size_t k, std::size_t from, std::size_t place, std::size_t count) {
      const T* const row = rows + k * places + place;
      for (std::size_t i = 0; i < count; ++i) image[from + i * stride] += row[i];
    });
  }
}

/// Computes one part (its elements are in `to`) from the others. `adds` is whether results are added to what is there.
template <class T>
void convolve(const Convolution& c, Convolution::Part part, const T* x, const T* w, const T* y, T* to, bool adds) {
  const std::size_t column = c.column(), places = c.window.places();
  const bool trivial = c.window.is_trivial();
  std::vector<T> memory(trivial ? 0 : column * places);
  for (std::size_t i = 0; i < c.batch * c.groups; ++i) {
    const std::size_t group = i % c.groups, image = i * c.inputs * c.window.image(), result = i * c.outputs * places;
    const std::size_t weight = group * c.outputs * column;
    if (part == Convolution::images) {
      T* const columns = trivial ? to + image : memory.data();
      blas::gemm(true, false, column, places, c.outputs, w + weight, y + result, false, columns);
      if (!trivial) add_columns(c.window, c.inputs, columns, to + image);
      continue;
    }
    if (!trivial) to_columns(c.window, c.inputs, x + image, memory.data());
    const T* const columns = trivial ? x + image : memory.data();
    if (part == Convolution::weights) {
      blas::gemm(false, true, c.outputs, column, places, y + result, columns, i >= c.groups, to + weight);
    } else {
      blas::gemm(false, false, c.outputs, places, column, w + weight, columns, adds, to + result);
    }
  }
}

/// The part `missing` of a convolution from the other two, `a` and `b`, in order. Recorded.
template <class T>
Tensor<T, Host> convolved(const char* name, const Convolution& c, Convolution::Part missing, const Tensor<T, Host>& a,
                          const Tensor<T, Host>& b, const std::source_location& where) {
  const auto first = missing == Convolution::images ? Convolution::weights : Convolution::images;
  const auto second = missing == Convolution::results ? Convolution::weights : Convolution::results;
  return operation<T, Host>(
      name, {a, b}, {.inputs = true}, where,
      [&] {
        Tensor<T, Host> to = Tensor<T, Host>::full(c.shapes[missing], 0);
        const T* parts[3]{};
        parts[first] = a.data();
        parts[second] = b.data();
        convolve(c, missing, parts[0], parts[1], parts[2], to.data(), false);
        return to;
      },
      [name, c, missing, first, second, where](const Call<T, Host>& call) {
        Tensors<T, Host> result(2);
        const auto other = [&](Convolution::Part wanted, Convolution::Part given, const Tensor<T, Host>& known) {
          // of the cotangent of what was computed and of what is known, the one that comes first in a convolution
          const bool in_order = missing < given;
          return convolved(name, c, wanted, in_order ? call.cotangent() : known, in_order ? known : call.cotangent(),
                           where);
        };
        if (call.needs(0)) result[0] = other(first, second, call.input(1));
        if (call.needs(1)) result[1] = other(second, first, call.input(0));
        return result;
      });
}

template <class T>
Tensor<T, Host> convolution(const char* name, const Convolution& c, const Tensor<T, Host>& x,
                            const Tensor<T, Host>& weight, const Tensor<T, Host>& bias,
                            const std::source_location& where) {
  if (!bias.defined()) return convolved(name, c, Convolution::results, x, weight, where);
  const std::size_t channels = c.groups * c.outputs;
  return operation<T, Host>(
      name, {x, weight, bias}, {.inputs = true}, where,
      [&] {
        Tensor<T, Host> y = Tensor<T, Host>::uninitialized(c.shapes[Convolution::results]);
        const std::size_t places = c.window.places();
        for (std::size_t i = 0; i < c.batch * channels; ++i) {
          std::fill_n(y.data() + i * places, places, bias.data()[i % channels]);
        }
        convolve<T>(c, Convolution::results, x.data(), weight.data(), nullptr, y.data(), true);
        return y;
      },
      [name, c, channels, where](const Call<T, Host>& call) {
        const Tensor<T, Host>& dy = call.cotangent();
        Tensors<T, Host> result(3);
        if (call.needs(0)) result[0] = convolved(name, c, Convolution::images, call.input(1), dy, where);
        if (call.needs(1)) result[1] = convolved(name, c, Convolution::weights, call.input(0), dy, where);
        if (call.needs(2)) {
          const Tensor<T, Host> all = reshaped(dy, {c.batch, channels, c.window.places()}, where);
          result[2] = reshaped(sum_to(all, {channels, 1}), {channels}, where);
        }
        return result;
      });
}

/// The convolution of tensors of these shapes. `spatial` is the number of axes of an image, `window` its axes.
inline Convolution convolution_of(const std::string& operation, const Shape& x, const Shape& weight, const Shape* bias,
                                  std::size_t spatial, std::size_t groups, const Window& window) {
  const std::size_t channels = x[x.size() - spatial - 1];
  const bool is_batch = x.size() == spatial + 2;
  if (groups == 0 || channels != groups * weight[1] || weight[0] % groups != 0) {
    throw shape_error(operation, x, weight,
                      "of the images and the weights don't fit: there are " + std::to_string(channels) +
                          " channels, and weights for " + std::to_string(weight[1]) + " in each of " +
                          std::to_string(groups) + " groups; results, too, are of as many channels in each group");
  }
  if (bias && *bias != Shape{weight[0]}) {
    throw shape_error(operation, *bias, weight, "of the bias and the weights don't fit: one bias for each result");
  }
  checked(operation, window);
  Convolution c{window, is_batch ? x[0] : 1, groups, weight[1], weight[0] / groups, {x, weight, {}}};
  if (is_batch) c.shapes[Convolution::results].push_back(x[0]);
  c.shapes[Convolution::results].push_back(weight[0]);
  if (spatial == 2) c.shapes[Convolution::results].push_back(window.rows.places());
  c.shapes[Convolution::results].push_back(window.columns.places());
  return c;
}

inline void check_convolution(const std::string& operation, const Shape& x, const Shape& weight, std::size_t spatial) {
  if (weight.size() == spatial + 2 && (x.size() == spatial + 1 || x.size() == spatial + 2)) return;
  const std::string image = spatial == 1 ? "length)" : "rows, columns)";
  throw shape_error(operation, x, weight,
                    "must be ([batch,] channels, " + image + " and (results, channels of a group, " + image);
}

}  // namespace tensor

/// The convolution of sequences: `x` of shape (batch, channels, length), or without the batch, `weight` (results,
/// channels / groups, size), `bias` (results,) or none. By one product of matrices for each member of the batch and
/// group. Throws ShapeError where shapes don't fit.
template <tensor::tensorial X, tensor::tensorial W>
auto conv1d(const X& x, const W& weight, const tensor::TensorOf<W>& bias = {}, const Conv1dOptions& options = {},
            const std::source_location& where = std::source_location::current()) {
  const tensor::HostProduct<X, W> images = tensor::in_main_memory(x), weights = tensor::in_main_memory(weight);
  tensor::check_convolution("conv1d", images.shape(), weights.shape(), 1);
  const tensor::Window window{
      {1, 1}, {images.shape().back(), weights.shape()[2], options.stride, options.padding, options.dilation}};
  const auto c = tensor::convolution_of("conv1d", images.shape(), weights.shape(),
                                        bias.defined() ? &bias.shape() : nullptr, 1, options.groups, window);
  return tensor::convolution("Conv1d", c, images, weights, bias, where);
}

/// The convolution of images: `x` of shape (batch, channels, rows, columns), or without the batch, `weight` (results,
/// channels / groups, rows, columns), `bias` (results,) or none: `conv2d(x, w, b, {.stride = 2, .padding = {1, 0}})`.
/// By one product of matrices for each member of the batch and group. Throws ShapeError where shapes don't fit.
template <tensor::tensorial X, tensor::tensorial W>
auto conv2d(const X& x, const W& weight, const tensor::TensorOf<W>& bias = {}, const Conv2dOptions& options = {},
            const std::source_location& where = std::source_location::current()) {
  const tensor::HostProduct<X, W> images = tensor::in_main_memory(x), weights = tensor::in_main_memory(weight);
  tensor::check_convolution("conv2d", images.shape(), weights.shape(), 2);
  const std::size_t axes = images.dimension();
  const auto& o = options;
  const tensor::Window window{
      {images.shape()[axes - 2], weights.shape()[2], o.stride.rows, o.padding.rows, o.dilation.rows},
      {images.shape()[axes - 1], weights.shape()[3], o.stride.columns, o.padding.columns, o.dilation.columns}};
  const auto c = tensor::convolution_of("conv2d", images.shape(), weights.shape(),
                                        bias.defined() ? &bias.shape() : nullptr, 2, options.groups, window);
  return tensor::convolution("Conv2d", c, images, weights, bias, where);
}

}  // namespace duet
