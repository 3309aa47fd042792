// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <utility>

#include <duet/tensor/shape.hpp>

/// Windows that move over images, for convolutions and pooling.
namespace duet {

/// A size, or a number of steps, along the rows and the columns of an image: `2`, or `{2, 3}`.
struct Pair {
  std::size_t rows, columns;

  constexpr Pair(std::size_t both) : rows(both), columns(both) {}
  constexpr Pair(int both) : Pair(static_cast<std::size_t>(both)) {}
  constexpr Pair(std::size_t down, std::size_t across) : rows(down), columns(across) {}
};

namespace tensor {

/// One axis of an image and of a window on it: `size` elements of the image, `dilation` apart; from one place to the
/// next it moves on by `stride`. The image goes on by `padding` at both ends.
struct WindowAxis {
  std::size_t image, size, stride = 1, padding = 0, dilation = 1;

  bool fits() const { return size > 0 && stride > 0 && dilation > 0 && image + 2 * padding >= extent(); }
  std::size_t extent() const { return dilation * (size - 1) + 1; }
  /// How many places there are.
  std::size_t places() const { return (image + 2 * padding - extent()) / stride + 1; }
  /// The places, first and behind the last, at which element `k` of the window lies on the image.
  std::pair<std::size_t, std::size_t> inside(std::size_t k) const {
    const auto first_from = [&](std::size_t at) {
      return at > k * dilation ? std::min((at - k * dilation + stride - 1) / stride, places()) : 0;
    };
    return {first_from(padding), first_from(image + padding)};
  }
  /// The element of the image below element `k` of the window at a place; it has to lie on the image.
  std::size_t at(std::size_t place, std::size_t k) const { return place * stride + k * dilation - padding; }
};

/// A window on an image.
struct Window {
  WindowAxis rows, columns;

  std::size_t image() const { return rows.image * columns.image; }
  std::size_t size() const { return rows.size * columns.size; }
  std::size_t places() const { return rows.places() * columns.places(); }
  /// Whether the windows are the elements of the image, one by one.
  bool is_trivial() const {
    return size() == 1 && rows.stride == 1 && columns.stride == 1 && rows.padding == 0 && columns.padding == 0;
  }

  /// Calls `f(k, from, place, count)` for element `k` of the window and a row of places at which it lies on the image:
  /// it is element `from` of the image at place `place`, and `columns.stride` elements further at each of the following
  /// ones.
  template <class F>
  void operator()(const F& f) const {
    for (std::size_t down = 0; down < rows.size; ++down) {
      const auto [top, bottom] = rows.inside(down);
      for (std::size_t across = 0; across < columns.size; ++across) {
        const auto [left, right] = columns.inside(across);
        if (left >= right) continue;
        for (std::size_t row = top; row < bottom; ++row) {
          f(down * columns.size + across, rows.at(row, down) * columns.image + columns.at(left, across),
            row * columns.places() + left, right - left);
        }
      }
    }
  }
};

/// Throws ShapeError if the window has no place.
inline const Window& checked(const std::string& operation, const Window& window) {
  if (!window.rows.fits() || !window.columns.fits()) {
    throw shape_error(operation, {window.rows.image, window.columns.image}, {window.rows.size, window.columns.size},
                      "of the image and the window don't fit: the window, with dilation (" +
                          std::to_string(window.rows.dilation) + ", " + std::to_string(window.columns.dilation) +
                          "), has no place in the image with padding (" + std::to_string(window.rows.padding) + ", " +
                          std::to_string(window.columns.padding) + "); sizes, strides and dilations are at least 1");
  }
  return window;
}

}  // namespace tensor
}  // namespace duet
