// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>

#include <xtensor/xshape.hpp>

#include <duet/op/error.hpp>

/// The shapes of tensors, and the rules by which they go together (NumPy's).
namespace duet {

/// The sizes of a tensor's axes, the slowest first. A number has none.
using Shape = xt::dynamic_shape<std::size_t>;

/// Sizes that a function is given, `{2, 3}`, where -1 may stand for one that follows from the others.
struct Sizes {
  struct Size {
    std::ptrdiff_t value;
    constexpr Size(std::integral auto size) : value(static_cast<std::ptrdiff_t>(size)) {}
  };
  xt::svector<std::ptrdiff_t, 4> list;

  Sizes() = default;
  Sizes(std::initializer_list<Size> sizes) {
    for (Size size : sizes) list.push_back(size.value);
  }
  Sizes(const Shape& shape) {
    for (std::size_t size : shape) list.push_back(static_cast<std::ptrdiff_t>(size));
  }
};

/// "(2, 3)"; "()" for a number.
inline std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

namespace tensor {

/// How many elements a tensor of this shape has.
inline std::size_t size_of(const Shape& shape) {
  std::size_t size = 1;
  for (std::size_t n : shape) size *= n;
  return size;
}

inline ShapeError shape_error(const std::string& operation, const Shape& a, const Shape& b, const std::string& why) {
  return ShapeError(operation + ": shapes " + to_string(a) + " and " + to_string(b) + " " + why);
}

/// The shape to which both broadcast: aligned at the last axis, sizes are equal or one of them is 1. Throws ShapeError.
inline Shape broadcast(const std::string& operation, const Shape& a, const Shape& b) {
  if (a == b) return a;
  const Shape& longer = a.size() >= b.size() ? a : b;
  const Shape& shorter = a.size() >= b.size() ? b : a;
  Shape result = longer;
  const std::size_t skipped = longer.size() - shorter.size();
  for (std::size_t axis = 0; axis < shorter.size(); ++axis) {
    std::size_t& size = result[skipped + axis];
    if (size == 1) {
      size = shorter[axis];
    } else if (shorter[axis] != 1 && shorter[axis] != size) {
      throw shape_error(operation, a, b, "do not broadcast: sizes must be equal or 1, from the last axis on");
    }
  }
  return result;
}

/// An axis counted from the front; negative ones count from the back. Throws ShapeError.
inline std::size_t axis_of(const std::string& operation, std::ptrdiff_t axis, const Shape& shape) {
  const auto dimension = static_cast<std::ptrdiff_t>(shape.size());
  if (axis < -dimension || axis >= dimension) {
    throw ShapeError(operation + ": there is no axis " + std::to_string(axis) + " in shape " + to_string(shape));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + dimension : axis);
}

}  // namespace tensor
}  // namespace duet
