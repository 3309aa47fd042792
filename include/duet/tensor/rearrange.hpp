// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/pick.hpp>
#include <duet/tensor/sum.hpp>
#include <duet/tensor/view.hpp>

/// The elements of a tensor in another order, or several times. The results are new tensors; each costs one pass.
namespace duet {

namespace tensor {

/// The axes of a shape in the order of `axes`, each of which has to occur once.
inline Places permuted(const Shape& shape, const Axes& axes) {
  if (axes.all || axes.list.size() != shape.size()) {
    throw ShapeError("permute: " + std::to_string(axes.list.size()) + " axes are named, shape " + to_string(shape) +
                     " has " + std::to_string(shape.size()));
  }
  const Places whole = Places::all(shape);
  Places places = whole;
  std::vector<bool> seen(shape.size(), false);
  for (std::size_t k = 0; k < shape.size(); ++k) {
    const std::size_t axis = axis_of("permute", axes.list[k], shape);
    if (seen[axis]) throw ShapeError("permute: axis " + std::to_string(axes.list[k]) + " is named twice");
    seen[axis] = true;
    places.axes[k] = whole.axes[axis];
  }
  return places;
}

inline Places transposed(const char* operation, const Shape& shape, std::ptrdiff_t a, std::ptrdiff_t b) {
  Places places = Places::all(shape);
  std::swap(places.axes[axis_of(operation, a, shape)], places.axes[axis_of(operation, b, shape)]);
  return places;
}

/// `x` broadcast to shape `whole`, as a new tensor.
template <class T, class P>
Tensor<T, P> expanded(const Tensor<T, P>& x, const Shape& whole, const std::source_location& where) {
  return operation<T, P>(
      "Expand", {x}, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(whole);
        load<P>(broadcast_places(x.shape(), whole), x.data(), y.data());
        return y;
      },
      [shape = x.shape()](const Call<T, P>& call) { return Tensors<T, P>{sum_to(call.cotangent(), shape)}; });
}

/// Along one axis, the elements move on by `shift` places; those that leave at the end come in at the front.
template <class T, class P>
Tensor<T, P> rolled(const Tensor<T, P>& x, std::size_t axis, std::size_t shift, const std::source_location& where) {
  const std::size_t size = x.shape()[axis];
  return operation<T, P>(
      "Roll", {x}, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(x.shape());
        std::size_t inner = 1;
        for (std::size_t k = axis + 1; k < x.dimension(); ++k) inner *= x.shape()[k];
        roll<P>(x.data(), x.size(), size * inner, shift * inner, y.data());
        return y;
      },
      [axis, size, shift, where](const Call<T, P>& call) {
        return Tensors<T, P>{rolled(call.cotangent(), axis, size - shift, where)};
      });
}

}  // namespace tensor

/// The axes in another order: axis k of the result is axis `axes[k]` of `x`. Throws ShapeError unless `axes` names each
/// axis once.
template <tensor::tensorial X>
auto permute(const X& x, const Axes& axes, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  return tensor::pick("Permute", t, tensor::permuted(t.shape(), axes), where);
}

/// Two axes exchanged; the last two, as those of matrices, if none are given.
template <tensor::tensorial X>
auto transpose(const X& x, std::ptrdiff_t a = -2, std::ptrdiff_t b = -1,
               const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  return tensor::pick("Transpose", t, tensor::transposed("transpose", t.shape(), a, b), where);
}

/// NumPy's name for `transpose(x, a, b)`.
template <tensor::tensorial X>
auto swapaxes(const X& x, std::ptrdiff_t a, std::ptrdiff_t b,
              const std::source_location& where = std::source_location::current()) {
  return transpose(x, a, b, where);
}

/// `x` repeated along axes of size 1, and along new axes in front, so that it has this shape; -1 keeps a size. Throws
/// ShapeError if it doesn't broadcast to that.
template <tensor::tensorial X>
auto expand(const X& x, const Sizes& sizes, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  Shape whole;
  const std::size_t added = std::max(sizes.list.size(), t.dimension()) - t.dimension();
  for (std::size_t axis = 0; axis < sizes.list.size(); ++axis) {
    std::ptrdiff_t size = sizes.list[axis];
    if (size == -1 && axis >= added) size = static_cast<std::ptrdiff_t>(t.shape()[axis - added]);
    if (size < 0) {
      throw ShapeError("expand: size " + std::to_string(size) + " at axis " + std::to_string(axis) + " of shape " +
                       to_string(t.shape()) + " expanded; -1 stands for the size of an axis that is there");
    }
    whole.push_back(static_cast<std::size_t>(size));
  }
  if (tensor::broadcast("expand", t.shape(), whole) != whole) {
    throw tensor::shape_error("expand", t.shape(), whole, "don't fit: sizes other than 1 stay as they are");
  }
  return tensor::expanded(t, whole, where);
}

/// NumPy's name for `expand`.
template <tensor::tensorial X>
auto broadcast_to(const X& x, const Sizes& sizes, const std::source_location& where = std::source_location::current()) {
  return expand(x, sizes, where);
}

/// The elements in the opposite order along some axes, by default all.
template <tensor::tensorial X>
auto flip(const X& x, const Axes& axes = {}, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const Shape kept = tensor::kept_shape("flip", t.shape(), axes);
  tensor::Places places = tensor::Places::all(t.shape());
  for (std::size_t axis = 0; axis < t.dimension(); ++axis) {
    tensor::Places::Axis& along = places.axes[axis];
    if (kept[axis] != 1 || along.size < 2) continue;
    places.first += static_cast<std::ptrdiff_t>(along.size - 1) * along.step;
    along.step = -along.step;
  }
  return tensor::pick("Flip", t, places, where);
}

/// The elements moved on by `shift` places along an axis; those that leave at one end come in at the other.
template <tensor::tensorial X>
auto roll(const X& x, std::ptrdiff_t shift, std::ptrdiff_t axis,
          const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("roll", axis, t.shape());
  const auto size = static_cast<std::ptrdiff_t>(std::max<std::size_t>(t.shape()[along], 1));
  return tensor::rolled(t, along, static_cast<std::size_t>((shift % size + size) % size), where);
}

/// `x` laid out side by side `times[k]` times along axis k; missing axes count as size 1, missing numbers as 1
/// (NumPy's rule).
template <tensor::tensorial X>
auto tile(const X& x, const Sizes& times, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t axes = std::max(times.list.size(), t.dimension());
  Shape whole;
  tensor::Places places;
  std::ptrdiff_t step = static_cast<std::ptrdiff_t>(t.size());
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::size_t added = axes - t.dimension(), unnamed = axes - times.list.size();
    const std::size_t size = axis < added ? 1 : t.shape()[axis - added];
    const std::ptrdiff_t count = axis < unnamed ? 1 : times.list[axis - unnamed];
    if (count < 0) throw ShapeError("tile: " + std::to_string(count) + " times along axis " + std::to_string(axis));
    if (size > 0) step /= static_cast<std::ptrdiff_t>(size);
    places.axes.push_back({static_cast<std::size_t>(count), 0});
    places.axes.push_back({size, step});
    whole.push_back(static_cast<std::size_t>(count) * size);
  }
  return reshape(tensor::pick("Tile", t, places, where), whole, where);
}

/// Each element `times` times in a row along an axis.
template <tensor::tensorial X>
auto repeat_interleave(const X& x, std::size_t times, std::ptrdiff_t axis,
                       const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("repeat_interleave", axis, t.shape());
  tensor::Places places = tensor::Places::all(t.shape());
  places.covers = false;
  places.axes.insert(places.axes.begin() + static_cast<std::ptrdiff_t>(along) + 1, tensor::Places::Axis{times, 0});
  Shape whole = t.shape();
  whole[along] *= times;
  return reshape(tensor::pick("RepeatInterleave", t, places, where), whole, where);
}

}  // namespace duet
