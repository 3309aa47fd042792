// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/sum.hpp>

/// Where the lines of an array along some of its axes are.
namespace duet::tensor {

/// Nested loops over some axes of an array; axes that can be gone through as one are one loop.
struct AxisLoops {
  static constexpr int most = 16;
  struct Loop {
    std::size_t size, step;
  };
  Loop loops[most]{};  ///< the innermost first
  int count = 0;

  /// Puts a loop around the others; false if there are too many.
  constexpr bool surround(std::size_t size, std::size_t step) {
    if (size == 1) return true;
    if (count > 0 && loops[count - 1].size * loops[count - 1].step == step) {
      loops[count - 1].size *= size;
      return true;
    }
    if (count == most) return false;
    loops[count++] = {size, step};
    return true;
  }

  /// How many elements lie side by side, `step` apart.
  constexpr std::size_t row() const { return count > 0 ? loops[0].size : 1; }
  constexpr std::size_t step() const { return count > 0 ? loops[0].step : 1; }

  /// Where element `i` of them is.
  constexpr std::size_t operator[](std::size_t i) const {
    if (count <= 1) return i * step();
    std::size_t at = 0;
    for (int k = 0; k + 1 < count; ++k) {
      at += i % loops[k].size * loops[k].step;
      i /= loops[k].size;
    }
    return at + i * loops[count - 1].step;
  }
};

/// Lines, without the shapes: `lines[k] + elements[i]` is the place of element `i` of line `k`.
struct LineLayout {
  AxisLoops lines, elements;
  std::size_t count = 1, size = 1;  ///< how many lines, of how many elements each
};

/// The elements of a shape as lines: one for each place in the axes that are kept, with all elements along the others.
/// Lines are numbered in row-major order of the axes that are kept.
class Lines {
 public:
  /// Throws ShapeError for axes that are not there, or twice.
  Lines(const std::string& operation, const Shape& shape, const Axes& axes)
      : kept_(kept_shape(operation, shape, axes)), reduced_(reduced_shape(operation, shape, axes)) {
    std::size_t step = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      const bool along = kept_[axis] != shape[axis];
      if (!(along ? layout_.elements : layout_.lines).surround(shape[axis], step)) {
        throw ShapeError(operation + ": shape " + to_string(shape) + " has too many axes that are reduced in turn");
      }
      (along ? layout_.size : layout_.count) *= shape[axis];
      step *= shape[axis];
    }
  }

  const LineLayout& layout() const { return layout_; }
  /// How many lines there are, and how many elements each has.
  std::size_t count() const { return layout_.count; }
  std::size_t size() const { return layout_.size; }

  /// The shape with size 1 along the lines, and that without these axes.
  const Shape& kept() const { return kept_; }
  const Shape& result_shape(bool keep_dims) const { return keep_dims ? kept_ : reduced_; }

 private:
  Shape kept_, reduced_;
  LineLayout layout_;
};

/// A single axis, which all shapes but () have.
inline Axes one_axis(const std::string& operation, std::ptrdiff_t axis, const Shape& shape) {
  return Axes(static_cast<std::ptrdiff_t>(axis_of(operation, axis, shape)));
}

}  // namespace duet::tensor
