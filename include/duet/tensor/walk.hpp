// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
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

  /// `steps[k]` are those of array k, along the axes of `whole`.
  Walk(const Shape& whole, const std::vector<Shape>& steps) : arrays_(steps.size()) {
    for (std::size_t axis = whole.size(); axis-- > 0;) {
      if (whole[axis] == 0) empty_ = true;
      if (whole[axis] == 1) continue;
      Axis next{whole[axis], Offsets(arrays_, 0)};
      for (std::size_t k = 0; k < arrays_; ++k) next.steps[k] = steps[k][axis];
      if (!axes_.empty() && joins(axes_.back(), next)) {
        axes_.back().size *= next.size;
      } else {
        axes_.push_back(next);
      }
    }
    if (axes_.empty() || !is_row(axes_.front())) axes_.insert(axes_.begin(), Axis{1, Offsets(arrays_, 0)});
  }

  /// How many elements a row has, and whether array k moves along it.
  std::size_t row() const { return axes_.front().size; }
  bool moves(std::size_t k) const { return axes_.front().steps[k] != 0; }
  /// Whether array k is the same in several rows.
  bool comes_again(std::size_t k) const {
    for (std::size_t a = 1; a < axes_.size(); ++a) {
      if (axes_[a].steps[k] == 0) return true;
    }
    return false;
  }

  /// Calls `f(offsets)` for each row with the places where it begins in the arrays.
  template <class F>
  void operator()(const F& f) const {
    if (empty_) return;
    Offsets offsets(arrays_, 0);
    std::vector<std::size_t> at(axes_.size(), 0);
    while (true) {
      f(static_cast<const Offsets&>(offsets));
      std::size_t a = 1;
      for (; a < axes_.size(); ++a) {
        for (std::size_t k = 0; k < arrays_; ++k) offsets[k] += axes_[a].steps[k];
        if (++at[a] < axes_[a].size) break;
        for (std::size_t k = 0; k < arrays_; ++k) offsets[k] -= axes_[a].steps[k] * axes_[a].size;
        at[a] = 0;
      }
      if (a == axes_.size()) return;
    }
  }

 private:
  /// Innermost first.
  struct Axis {
    std::size_t size;
    Offsets steps;
  };

  bool joins(const Axis& inner, const Axis& outer) const {
    for (std::size_t k = 0; k < arrays_; ++k) {
      if (outer.steps[k] != inner.steps[k] * inner.size) return false;
    }
    return true;
  }
  static bool is_row(const Axis& axis) {
    for (std::size_t step : axis.steps) {
      if (step > 1) return false;
    }
    return true;
  }

  std::size_t arrays_;
  std::vector<Axis> axes_;
  bool empty_ = false;
};

}  // namespace duet::tensor
