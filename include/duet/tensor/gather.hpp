// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/index.hpp>
#include <duet/tensor/pick.hpp>

/// Elements that arrays of indices name, and sums that go where indices say.
namespace duet {

namespace tensor {

/// Places named along one axis: element (i, j, ...) of the result is at the same index, but that `indices(i, j, ...)`
/// takes the place of the one along `axis`. Other axes of `indices` may be shorter than those of the array.
inline Places along_axis(const char* operation, const Shape& shape, std::size_t axis, const Indices& indices) {
  const Shape given(indices.shape().begin(), indices.shape().end());
  bool fits = given.size() == shape.size();
  for (std::size_t k = 0; fits && k < shape.size(); ++k) fits = k == axis || given[k] <= shape[k];
  if (!fits) {
    throw shape_error(operation, shape, given,
                      "of the tensor and the indices don't fit: they have as many axes, and indices are nowhere longer "
                      "except at axis " +
                          std::to_string(axis));
  }
  const Places whole = Places::all(shape);
  std::vector<std::ptrdiff_t> table(indices.size());
  std::size_t i = 0;
  for (std::ptrdiff_t index : indices) {
    std::size_t left = i;
    std::ptrdiff_t place = position(index, axis, shape) * whole.axes[axis].step;
    for (std::size_t k = given.size(); k-- > 0; left /= given[k]) {
      if (k != axis) place += static_cast<std::ptrdiff_t>(left % given[k]) * whole.axes[k].step;
    }
    table[i++] = place;
  }
  Places places;
  places.set_table(std::move(table), given);
  return places;
}

}  // namespace tensor

/// The entries along an axis that `indices`, a list, names: rows of a matrix, say. Entries may be named several times.
/// Throws ShapeError for indices that are not there.
template <tensor::tensorial X>
auto index_select(const X& x, std::ptrdiff_t axis, const Indices& indices,
                  const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("index_select", axis, t.shape());
  if (indices.dimension() != 1) throw ShapeError("index_select: the indices are not a list");
  tensor::Places places = tensor::Places::all(t.shape());
  std::vector<std::ptrdiff_t> table;
  table.reserve(indices.size());
  for (std::ptrdiff_t index : indices) {
    table.push_back(tensor::position(index, along, t.shape()) * places.axes[along].step);
  }
  places.covers = false;
  places.axes.erase(places.axes.begin() + static_cast<std::ptrdiff_t>(along));
  places.table_at = along;
  places.set_table(std::move(table), {indices.size()});
  return tensor::pick("IndexSelect", t, places, where);
}

/// One element for each of `indices`: `y(i, j) = x(indices(i, j), j)` for axis 0, `x(i, indices(i, j))` for axis 1.
/// The indices have as many axes as `x`, of sizes that are no larger except along `axis`. Throws ShapeError.
template <tensor::tensorial X>
auto gather(const X& x, std::ptrdiff_t axis, const Indices& indices,
            const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("gather", axis, t.shape());
  return tensor::pick("Gather", t, tensor::along_axis("gather", t.shape(), along, indices), where);
}

/// `gather` for indices that broadcast to the shape of `x` on all axes but `axis`: what `argsort` and its like give.
template <tensor::tensorial X>
auto take_along_dim(const X& x, const Indices& indices, std::ptrdiff_t axis,
                    const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t along = tensor::axis_of("take_along_dim", axis, t.shape());
  const Shape given(indices.shape().begin(), indices.shape().end());
  if (given.size() != t.dimension()) {
    throw tensor::shape_error("take_along_dim", t.shape(), given, "of the tensor and the indices have different axes");
  }
  Shape whole = t.shape();
  whole[along] = given[along];
  if (tensor::broadcast("take_along_dim", given, whole) != whole) {
    throw tensor::shape_error("take_along_dim", given, whole, "don't fit: the indices have too many entries");
  }
  Indices broadcast = Indices::from_shape(std::vector<std::size_t>(whole.begin(), whole.end()));
  tensor::load<Host>(tensor::broadcast_places(given, whole), indices.data(), broadcast.data());
  return tensor::pick("Gather", t, tensor::along_axis("take_along_dim", t.shape(), along, broadcast), where);
}

/// `x` with each element of `values` added to the one that `gather(x, axis, indices)` takes in its place; elements may
/// be named several times. Throws ShapeError if `values` and `indices` differ in shape.
template <tensor::tensorial X, tensor::tensorial V>
auto scatter_add(const X& x, std::ptrdiff_t axis, const Indices& indices, const V& values,
                 const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  const Tensor<T, P> t(x), v(values);
  const std::size_t along = tensor::axis_of("scatter_add", axis, t.shape());
  const tensor::Places places = tensor::along_axis("scatter_add", t.shape(), along, indices);
  if (v.shape() != places.table_shape) {
    throw tensor::shape_error("scatter_add", v.shape(), places.table_shape, "of the values and the indices differ");
  }
  return tensor::operation<T, P>(
      "ScatterAdd", {t, v}, {}, where,
      [&] {
        Tensor<T, P> y = t.copy();
        tensor::add_at<P>(places, y.data(), v.data());
        return y;
      },
      [places, where](const tensor::Call<T, P>& call) {
        const Tensor<T, P>& w = call.cotangent();
        return tensor::Tensors<T, P>{w, call.needs(1) ? tensor::pick("Gather", w, places, where) : Tensor<T, P>()};
      });
}

/// The elements for which a condition holds, as a list; the condition (`x > 0`, or an array of truth values) has the
/// shape of `x`. Throws ShapeError if it has not.
template <tensor::tensorial X, class M>
auto masked_select(const X& x, const M& condition,
                   const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const Mask mask = tensor::mask_of(condition);
  const Shape shape(mask.shape().begin(), mask.shape().end());
  if (shape != t.shape()) {
    throw tensor::shape_error("masked_select", t.shape(), shape, "of the tensor and the condition differ");
  }
  const tensor::Places whole = tensor::Places::all(t.shape());
  return tensor::pick("MaskedSelect", t, tensor::Selector(whole)(std::array<tensor::Index, 1>{mask}), where);
}

}  // namespace duet
