// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/lazy.hpp>
#include <duet/tensor/recording.hpp>

/// Other shapes for the same elements.
namespace duet {

namespace tensor {

/// `sizes` as the shape of `size` elements: -1 becomes what is left.
inline Shape shape_from(const Sizes& sizes, const Shape& from) {
  Shape shape;
  std::size_t known = 1, open = sizes.list.size();
  for (std::size_t axis = 0; axis < sizes.list.size(); ++axis) {
    const std::ptrdiff_t size = sizes.list[axis];
    if (size < -1 || (size == -1 && open < axis)) {
      throw ShapeError("reshape: size " + std::to_string(size) + " at axis " + std::to_string(axis) +
                       "; sizes are not negative, except that one may be -1");
    }
    if (size == -1) open = axis;
    shape.push_back(size == -1 ? 1 : static_cast<std::size_t>(size));
    known *= shape.back();
  }
  const std::size_t wanted = size_of(from);
  if (open < shape.size() && known > 0 && wanted % known == 0) {
    shape[open] = wanted / known;
    known = wanted;
  } else if (open < shape.size()) {
    throw shape_error("reshape", from, shape, "don't fit: no size in place of -1 gives as many elements");
  }
  if (known != wanted) throw shape_error("reshape", from, shape, "have different numbers of elements");
  return shape;
}

template <class T, class P>
class Reshape final : public Node<T, P> {
 public:
  explicit Reshape(const Shape& shape) : shape_(shape) {}
  std::string name() const override { return "Reshape"; }
  Tensors<T, P> pullback(const Tensors<T, P>& cotangents) override;
  void release() override {}

 private:
  Shape shape_;
};

template <class T, class P>
Tensor<T, P> reshaped(const Tensor<T, P>& x, const Shape& shape, const std::source_location& where) {
  auto state = std::make_shared<State<T, P>>(x.state()->storage, shape);
  state->viewed = x.state()->is_view ? x.state()->viewed : x.state();
  state->is_view = true;
  ++state->storage->views;
  const Tensor<T, P> y(std::move(state));
  if (is_recorded(x)) {
    const auto node = std::make_shared<Reshape<T, P>>(x.shape());
    node->where = where;
    record(y, node, {x});
  }
  return y;
}

template <class T, class P>
Tensors<T, P> Reshape<T, P>::pullback(const Tensors<T, P>& cotangents) {
  return {reshaped(cotangents[0], shape_, this->where)};
}

}  // namespace tensor

/// The same elements in another shape and the same memory; one size may be -1 and follows from the others. While both
/// tensors live, neither can be changed in place. Throws ShapeError where the sizes don't fit.
template <tensor::tensorial X>
auto reshape(const X& x, const Sizes& sizes, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  return tensor::reshaped(t, tensor::shape_from(sizes, t.shape()), where);
}

/// The axes `first` to `last` (included) as one, in the same memory; by default all.
template <tensor::tensorial X>
auto flatten(const X& x, std::ptrdiff_t first = 0, std::ptrdiff_t last = -1,
             const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  if (t.dimension() == 0) return tensor::reshaped(t, {1}, where);
  const std::size_t from = tensor::axis_of("flatten", first, t.shape()),
                    to = tensor::axis_of("flatten", last, t.shape());
  if (from > to) {
    throw ShapeError("flatten: axis " + std::to_string(first) + " comes after axis " + std::to_string(last) +
                     " in shape " + to_string(t.shape()));
  }
  Shape shape;
  for (std::size_t axis = 0; axis < t.dimension(); ++axis) {
    if (axis > from && axis <= to) {
      shape.back() *= t.shape()[axis];
    } else {
      shape.push_back(t.shape()[axis]);
    }
  }
  return tensor::reshaped(t, shape, where);
}

/// Without the axes of size 1, in the same memory.
template <tensor::tensorial X>
auto squeeze(const X& x, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  Shape shape;
  for (std::size_t size : t.shape()) {
    if (size != 1) shape.push_back(size);
  }
  return tensor::reshaped(t, shape, where);
}
/// Without this axis. Throws ShapeError if its size is not 1.
template <tensor::tensorial X>
auto squeeze(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  const std::size_t gone = tensor::axis_of("squeeze", axis, t.shape());
  if (t.shape()[gone] != 1) {
    throw ShapeError("squeeze: axis " + std::to_string(axis) + " of shape " + to_string(t.shape()) +
                     " is not of size 1");
  }
  Shape shape = t.shape();
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(gone));
  return tensor::reshaped(t, shape, where);
}

/// With another axis, of size 1, which becomes axis `axis` of the result; in the same memory.
template <tensor::tensorial X>
auto unsqueeze(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  Shape shape = t.shape();
  shape.push_back(1);
  const std::size_t at = tensor::axis_of("unsqueeze", axis, shape);
  shape.pop_back();
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(at), std::size_t{1});
  return tensor::reshaped(t, shape, where);
}

}  // namespace duet
