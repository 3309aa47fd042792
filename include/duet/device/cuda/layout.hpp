// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstdint>
#include <vector>

#include <duet/tensor/walk.hpp>

/// Where the elements of arrays of different shapes lie that are gone through side by side.
namespace duet::device::cuda {

/// A divisor of element numbers. Below 2^31 a multiplication and a shift do the work of the division (T. Granlund and
/// P. L. Montgomery, "Division by invariant integers using multiplication", PLDI 1994).
struct Divisor {
  std::uint64_t value = 1;
  std::uint32_t magic = 1, shift = 0;

  Divisor() = default;
  explicit Divisor(std::uint64_t divisor) : value(divisor) {
    if (divisor >= std::uint64_t{1} << 31) return;
    while ((std::uint64_t{1} << shift) < divisor) ++shift;
    magic = static_cast<std::uint32_t>(((((std::uint64_t{1} << shift) - divisor) << 32) / divisor) + 1);
  }
  /// n / value; `small`: n < 2^31, and so is the divisor, or the quotient is 0.
  constexpr std::uint64_t quotient(std::uint64_t n, bool small) const {
    if (!small) return n / value;
    if (value >= std::uint64_t{1} << 31) return 0;
    const auto low = static_cast<std::uint32_t>(n);
    const auto high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(magic) * low >> 32);
    return (high + low) >> shift;
  }
};

/// Axes, the innermost first, that `Arrays` arrays are gone through along.
template <int Arrays>
struct Axes {
  static constexpr int most = 8;
  int count = 0;
  Divisor size[most];
  std::uint64_t step[most][Arrays > 0 ? Arrays : 1]{};  ///< 0: the array is broadcast along the axis

  /// Those of a formula.
  template <class ShapeOf>
  static Axes of(const Shape& whole, const ShapeOf& shape_of) {
    std::vector<Shape> steps;
    for (int k = 0; k < Arrays; ++k) steps.push_back(tensor::steps_of(*shape_of(k), whole));
    Axes axes;
    for (std::size_t axis = whole.size(); axis-- > 0;) {
      std::uint64_t step[Arrays > 0 ? Arrays : 1];
      for (std::size_t k = 0; k < Arrays; ++k) step[k] = steps[k][axis];
      if (whole[axis] != 1) axes.add(whole[axis], step);
    }
    return axes;
  }

  /// Goes on with an axis outside of the others. Axes that can be gone through as one are joined. Throws Error if more
  /// than `most` are left.
  void add(std::uint64_t axis_size, const std::uint64_t* steps) {
    const int last = count - 1;
    bool joins = count > 0;
    for (int k = 0; joins && k < Arrays; ++k) joins = steps[k] == step[last][k] * size[last].value;
    if (joins) {
      size[last] = Divisor(size[last].value * axis_size);
      return;
    }
    if (count == most) {
      throw Error(
          "a formula of tensors that are broadcast along more than 8 separate axes can't run on a device; "
          "reshape them so that axes along which the same ones are broadcast lie side by side");
    }
    size[count] = Divisor(axis_size);
    for (int k = 0; k < Arrays; ++k) step[count][k] = steps[k];
    ++count;
  }

  /// Where element number `e` lies in each array.
  template <class Offset>
  constexpr void locate(std::uint64_t e, bool small, Offset* offsets) const {
    for (int k = 0; k < Arrays; ++k) offsets[k] = 0;
    for (int axis = 0; axis < count; ++axis) {
      const std::uint64_t at = divide(axis, small, e);
      for (int k = 0; k < Arrays; ++k) offsets[k] += at * step[axis][k];
    }
  }

  /// Where it lies in array `k`.
  constexpr std::uint64_t locate(std::uint64_t e, bool small, int k) const {
    std::uint64_t offset = 0;
    for (int axis = 0; axis < count; ++axis) offset += divide(axis, small, e) * step[axis][k];
    return offset;
  }

 private:
  /// The place along an axis; what is left of `e` counts along the axes outside of it.
  constexpr std::uint64_t divide(int axis, bool small, std::uint64_t& e) const {
    const std::uint64_t rest = axis + 1 < count ? size[axis].quotient(e, small) : 0;
    const std::uint64_t at = e - rest * size[axis].value;
    e = rest;
    return at;
  }
};

}  // namespace duet::device::cuda
