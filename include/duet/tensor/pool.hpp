// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <optional>

#include <duet/tensor/lazy.hpp>
#include <duet/tensor/pick.hpp>
#include <duet/tensor/window.hpp>

/// One number for what is below each window on an image.
namespace duet {

/// By default windows stand side by side.
struct Pool1dOptions {
  std::optional<std::size_t> stride{};
  std::size_t padding = 0;
};
struct Pool2dOptions {
  std::optional<Pair> stride{};
  Pair padding = 0;
};

namespace tensor {

/// The shape with as many elements as there are windows in place of the image, which is the last axes.
inline Shape pooled_shape(const Shape& shape, std::size_t spatial, const Window& window) {
  Shape result(shape.begin(), shape.end() - static_cast<std::ptrdiff_t>(spatial));
  if (spatial == 2) result.push_back(window.rows.places());
  result.push_back(window.columns.places());
  return result;
}

/// The largest below each window; the first of equal ones. What lies outside of the image doesn't count.
template <class T>
Tensor<T, Host> largest(const char* name, const Tensor<T, Host>& x, const Shape& shape, const Window& window,
                        const std::source_location& where) {
  const std::size_t places = window.places(), stride = window.columns.stride;
  std::vector<std::ptrdiff_t> table(size_of(shape), -1);
  for (std::size_t i = 0; i < table.size() / places; ++i) {
    const std::size_t image = i * window.image();
    window([&](std::size_t, std::size_t from, std::size_t place, std::size_t count) {
      std::ptrdiff_t* const best = table.data() + i * places + place;
      for (std::size_t j = 0; j < count; ++j) {
        const std::size_t at = image + from + j * stride;
        const T value = x.data()[at];
        if (best[j] < 0 || value > x.data()[best[j]] || value != value) best[j] = static_cast<std::ptrdiff_t>(at);
      }
    });
  }
  Places picked;
  picked.set_table(std::move(table), shape);
  return pick(name, x, picked, where);
}

/// The means below the windows, or, `back`, the transpose of that map. What lies outside of the image counts as zeros.
template <class T>
Tensor<T, Host> averaged(const char* name, const Tensor<T, Host>& x, bool back, const Shape& image_shape,
                         const Shape& shape, const Window& window, const std::source_location& where) {
  return operation<T, Host>(
      name, {x}, {}, where,
      [&] {
        Tensor<T, Host> y = Tensor<T, Host>::full(back ? image_shape : shape, 0);
        const std::size_t places = window.places(), stride = window.columns.stride;
        const T part = T(1) / static_cast<T>(window.size());
        for (std::size_t i = 0; i < size_of(shape) / places; ++i) {
          window([&](std::size_t, std::size_t from, std::size_t place, std::size_t count) {
            const std::size_t image = i * window.image() + from, result = i * places + place;
            for (std::size_t j = 0; j < count; ++j) {
              if (back) {
                y.data()[image + j * stride] += x.data()[result + j] * part;
              } else {
                y.data()[result + j] += x.data()[image + j * stride] * part;
              }
            }
          });
        }
        return y;
      },
      [name, back, image_shape, shape, window, where](const Call<T, Host>& call) {
        return Tensors<T, Host>{averaged(name, call.cotangent(), !back, image_shape, shape, window, where)};
      });
}

inline Window pool_window(const std::string& operation, const Shape& shape, std::size_t size,
                          const Pool1dOptions& options) {
  if (shape.size() < 1) throw ShapeError(operation + ": a number has no axis for a window");
  return checked(operation, {{1, 1}, {shape.back(), size, options.stride.value_or(size), options.padding}});
}
inline Window pool_window(const std::string& operation, const Shape& shape, Pair size, const Pool2dOptions& options) {
  if (shape.size() < 2) throw ShapeError(operation + ": shape " + to_string(shape) + " is not that of images");
  const Pair stride = options.stride.value_or(size);
  return checked(operation, {{shape[shape.size() - 2], size.rows, stride.rows, options.padding.rows},
                             {shape[shape.size() - 1], size.columns, stride.columns, options.padding.columns}});
}

/// Padding by more than half a window would leave windows without any element.
inline void check_padding(const std::string& operation, const WindowAxis& axis) {
  if (2 * axis.padding <= axis.size) return;
  throw ShapeError(operation + ": padding " + std::to_string(axis.padding) + " is more than half of the window of " +
                   std::to_string(axis.size));
}

}  // namespace tensor

/// The largest element below each window on the last axis. At ties the first counts. Throws ShapeError if the window
/// has no place.
template <tensor::tensorial X>
auto max_pool1d(const X& x, std::size_t size, const Pool1dOptions& options = {},
                const std::source_location& where = std::source_location::current()) {
  const auto t = tensor::in_main_memory(x);
  const tensor::Window window = tensor::pool_window("max_pool1d", t.shape(), size, options);
  tensor::check_padding("max_pool1d", window.columns);
  return tensor::largest("MaxPool1d", t, tensor::pooled_shape(t.shape(), 1, window), window, where);
}

/// The largest element below each window on the last two axes: `max_pool2d(x, 2)`. At ties the first counts.
template <tensor::tensorial X>
auto max_pool2d(const X& x, Pair size, const Pool2dOptions& options = {},
                const std::source_location& where = std::source_location::current()) {
  const auto t = tensor::in_main_memory(x);
  const tensor::Window window = tensor::pool_window("max_pool2d", t.shape(), size, options);
  tensor::check_padding("max_pool2d", window.rows);
  tensor::check_padding("max_pool2d", window.columns);
  return tensor::largest("MaxPool2d", t, tensor::pooled_shape(t.shape(), 2, window), window, where);
}

/// The mean below each window on the last axis; padding counts as zeros.
template <tensor::tensorial X>
auto avg_pool1d(const X& x, std::size_t size, const Pool1dOptions& options = {},
                const std::source_location& where = std::source_location::current()) {
  const auto t = tensor::in_main_memory(x);
  const tensor::Window window = tensor::pool_window("avg_pool1d", t.shape(), size, options);
  tensor::check_padding("avg_pool1d", window.columns);
  return tensor::averaged("AvgPool1d", t, false, t.shape(), tensor::pooled_shape(t.shape(), 1, window), window, where);
}

/// The mean below each window on the last two axes; padding counts as zeros.
template <tensor::tensorial X>
auto avg_pool2d(const X& x, Pair size, const Pool2dOptions& options = {},
                const std::source_location& where = std::source_location::current()) {
  const auto t = tensor::in_main_memory(x);
  const tensor::Window window = tensor::pool_window("avg_pool2d", t.shape(), size, options);
  tensor::check_padding("avg_pool2d", window.rows);
  tensor::check_padding("avg_pool2d", window.columns);
  return tensor::averaged("AvgPool2d", t, false, t.shape(), tensor::pooled_shape(t.shape(), 2, window), window, where);
}

}  // namespace duet
