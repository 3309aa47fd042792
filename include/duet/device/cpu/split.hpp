// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/walk.hpp>

/// Dividing the work on arrays among threads.
namespace duet::device {

/// Arrays that broadcast to one shape, cut into parts along their first axis: what belongs to a part of an array lies
/// in one piece. How many there are depends on the shape alone, and so do the bits of sums over them.
class Split {
 public:
  /// `shapes`: those of the arrays; null for arrays that play no part.
  Split(const Shape& whole, const std::vector<const Shape*>& shapes) : whole_(whole) {
    const std::size_t size = tensor::size_of(whole);
    for (const Shape* shape : shapes) {
      is_flat_ = is_flat_ && (!shape || *shape == whole || tensor::size_of(*shape) == 1);
    }
    if (is_flat_) {
      length_ = size;
    } else {
      while (axis_ + 1 < whole.size() && whole[axis_] == 1) ++axis_;
      length_ = whole.empty() ? 0 : whole[axis_];
    }
    count_ = std::clamp(size / grain, std::size_t{1}, std::min(most, std::max(length_, std::size_t{1})));
  }

  /// How many parts there are.
  std::size_t count() const { return count_; }

  /// A part of an array: its shape, and where it begins.
  struct Part {
    Shape shape;
    std::size_t offset = 0;
  };
  /// Part `i` of the whole, or of an array of this shape.
  Part part(std::size_t i) const { return part(i, whole_); }
  Part part(std::size_t i, const Shape& shape) const {
    const std::size_t first = length_ * i / count_, size = length_ * (i + 1) / count_ - first;
    if (is_flat_) return shape == whole_ ? Part{{size}, first} : Part{{}, 0};
    Part result{shape};
    if (!moves(shape)) return result;
    const std::size_t axis = axis_ - (whole_.size() - shape.size());
    result.shape[axis] = size;
    std::size_t step = 1;
    for (std::size_t k = axis + 1; k < shape.size(); ++k) step *= shape[k];
    result.offset = first * step;
    return result;
  }
  /// Whether the parts of an array of this shape are different elements, and not the same for all.
  bool moves(const Shape& shape) const {
    if (is_flat_) return shape == whole_;
    const std::size_t missing = whole_.size() - shape.size();
    return axis_ >= missing && shape[axis_ - missing] != 1;
  }

 private:
  static constexpr std::size_t grain = std::size_t{1} << 14;  ///< elements that are worth a thread's attention
  static constexpr std::size_t most = 64;

  const Shape& whole_;
  bool is_flat_ = true;
  std::size_t axis_ = 0, length_ = 0, count_ = 1;
};

}  // namespace duet::device
