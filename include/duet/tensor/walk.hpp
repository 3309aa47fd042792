// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <duet/tensor/shape.hpp>

/// Going through several arrays of different shapes side by side.
namespace duet::tensor {

/// The steps with which an array of shape `shape` is gone through as one of shape `whole`: 0 along axes on which it is
/// broadcast.
inline Shape steps_of(const Shape& shape, const Shape& whole) {
  Shape steps(whole.size(), 0);
  std::size_t step = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] != 1) steps[whole.size() - shape.size() + axis] = step;
    step *= shape[axis];
  }
  return steps;
}

/// A walk through several arrays that broadcast to one shape: rows along the innermost axis, where an array either
/// moves from element to element or stays. Axes that can be gone through as one are joined, so arrays of equal shape
/// are one row.
class Walk {
 public:
  /// A place in each array.
  using Offsets = xt::svector<std::size_t, 8>;
  static constexpr std::size_t most_arrays = 64;

  /// Arrays of the shapes `shapes[k]`, gone through as ones of shape `whole`.
  Walk(const Shape& whole, const std::vector<const Shape*>& shapes) : arrays_(shapes.size()), row_(size_of(whole)) {
    if (arrays_ > most_arrays) throw Error("an operation on elements has more than 64 tensors");
    if (is_one_row(whole, shapes)) return;
    std::vector<Axis> axes = axes_of(whole, shapes);
    const auto in_row = [&](const Axis& axis) {
      for (std::size_t step : axis.steps) {
        if (step > 1) return false;
      }
      return true;
    };
    moves_ = 0;
    if (axes.empty() || !in_row(axes.front())) {
      row_ = 1;
      outer_ = std::move(axes);
      return;
    }
    row_ = axes.front().size;
    for (std::size_t k = 0; k < arrays_; ++k) moves_ |= static_cast<std::uint64_t>(axes.front().steps[k]) << k;
    outer_.assign(axes.begin() + 1, axes.end());
  }

  /// How many elements a row has, and whether array k moves along it.
  std::size_t row() const { return row_; }
  bool moves(std::size_t k) const { return moves_ >> k & 1; }

  /// Calls `f(offsets)` for each row with the places where it begins in the arrays.
  template <class F>
  void operator()(const F& f) const {
    if (row_ == 0) return;
    for (const Axis& axis : outer_) {
      if (axis.size == 0) return;
    }
    Offsets offsets(arrays_, 0);
    std::vector<std::size_t> at(outer_.size(), 0);
    while (true) {
      f(static_cast<const Offsets&>(offsets));
      std::size_t a = 0;
      for (; a < outer_.size(); ++a) {
        for (std::size_t k = 0; k < arrays_; ++k) offsets[k] += outer_[a].steps[k];
        if (++at[a] < outer_[a].size) break;
        for (std::size_t k = 0; k < arrays_; ++k) offsets[k] -= outer_[a].steps[k] * outer_[a].size;
        at[a] = 0;
      }
      if (a == outer_.size()) return;
    }
  }

 private:
  struct Axis {
    std::size_t size;
    std::vector<std::size_t> steps;
  };

  /// Whether every array has the whole shape or one element, which is so for almost all.
  bool is_one_row(const Shape& whole, const std::vector<const Shape*>& shapes) {
    for (std::size_t k = 0; k < arrays_; ++k) {
      if (*shapes[k] == whole) {
        moves_ |= std::uint64_t{1} << k;
      } else if (size_of(*shapes[k]) != 1) {
        return false;
      }
    }
    return true;
  }

  /// Innermost first, joined.
  std::vector<Axis> axes_of(const Shape& whole, const std::vector<const Shape*>& shapes) const {
    std::vector<Shape> steps;
    for (const Shape* shape : shapes) steps.push_back(steps_of(*shape, whole));
    std::vector<Axis> axes;
    for (std::size_t axis = whole.size(); axis-- > 0;) {
      if (whole[axis] == 1) continue;
      Axis next{whole[axis], {}};
      for (const Shape& of_array : steps) next.steps.push_back(of_array[axis]);
      if (!axes.empty() && joins(axes.back(), next)) {
        axes.back().size *= next.size;
      } else {
        axes.push_back(std::move(next));
      }
    }
    return axes;
  }
  bool joins(const Axis& inner, const Axis& outer) const {
    for (std::size_t k = 0; k < arrays_; ++k) {
      if (outer.steps[k] != inner.steps[k] * inner.size) return false;
    }
    return true;
  }

  std::size_t arrays_, row_;
  std::uint64_t moves_ = 0;
  std::vector<Axis> outer_;
};

}  // namespace duet::tensor
