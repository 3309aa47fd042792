// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/total.hpp>

/// Sums and means, which are computed in the same pass as what is summed.
namespace duet {

/// The axes that a reduction goes over: `{}` for all, `1`, `{0, -1}`; negative ones count from the back.
struct Axes {
  xt::svector<std::ptrdiff_t, 4> list;
  bool all = true;

  Axes() = default;
  Axes(std::ptrdiff_t axis) : list{axis}, all(false) {}
  Axes(int axis) : Axes(static_cast<std::ptrdiff_t>(axis)) {}
  Axes(std::initializer_list<std::ptrdiff_t> axes) : list(axes), all(axes.size() == 0) {}
};

namespace tensor {

/// The shape with size 1 along the axes that are summed over. Throws ShapeError for axes that are not there, or twice.
inline Shape kept_shape(const std::string& operation, const Shape& shape, const Axes& axes) {
  if (axes.all) return Shape(shape.size(), 1);
  Shape kept = shape;
  std::vector<bool> seen(shape.size(), false);
  for (std::ptrdiff_t axis : axes.list) {
    const std::size_t k = axis_of(operation, axis, shape);
    if (seen[k]) throw ShapeError(operation + ": axis " + std::to_string(axis) + " is named twice");
    seen[k] = true;
    kept[k] = 1;
  }
  return kept;
}

/// The shape without the axes that are summed over.
inline Shape reduced_shape(const std::string& operation, const Shape& shape, const Axes& axes) {
  if (axes.all) return {};
  std::vector<bool> gone(shape.size(), false);
  for (std::ptrdiff_t axis : axes.list) gone[axis_of(operation, axis, shape)] = true;
  Shape result;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (!gone[k]) result.push_back(shape[k]);
  }
  return result;
}

template <class L>
auto summed(const L& lazy, const Axes& axes, bool keep_dims, const char* name, const std::source_location& where) {
  const auto x = arguments_of(lazy);
  auto y = carried_out(x, kept_shape(name, x.whole, axes), name, where);
  if (!keep_dims) set_shape(y, reduced_shape(name, x.whole, axes));
  return y;
}

template <class T, class P>
Tensor<T, P> sum_to(const Tensor<T, P>& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Shape kept(x.shape().size() - shape.size(), 1);
  kept.insert(kept.end(), shape.begin(), shape.end());
  Tensor<T, P> y = carried_out(arguments_of(TensorEngine::as_lazy(x)), kept, "Sum", {});
  set_shape(y, shape);
  return y;
}

}  // namespace tensor

/// The sum of all elements; of a formula in one pass, without its elements, and together with its derivatives.
template <tensor::tensorial X>
auto sum(const X& x, const std::source_location& where = std::source_location::current()) {
  return tensor::total(tensor::arguments_of(TensorEngine::as_lazy(x)), "Sum", where);
}
/// The sums over `axes`; of a formula in one pass, without its elements.
template <tensor::tensorial X>
auto sum(const X& x, const Axes& axes, bool keep_dims = false,
         const std::source_location& where = std::source_location::current()) {
  return tensor::summed(TensorEngine::as_lazy(x), axes, keep_dims, "Sum", where);
}

/// The mean of all elements, in the way of their sum.
template <tensor::tensorial X>
auto mean(const X& x, const std::source_location& where = std::source_location::current()) {
  const auto lazy = TensorEngine::as_lazy(x);
  const auto size = static_cast<double>(tensor::size_of(tensor::shape_of(lazy)));
  return tensor::total(tensor::arguments_of(lazy * (1 / size)), "Mean", where);
}
/// The means over `axes`.
template <tensor::tensorial X>
auto mean(const X& x, const Axes& axes, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  const auto lazy = TensorEngine::as_lazy(x);
  const Shape whole = tensor::shape_of(lazy);
  const auto parts = static_cast<double>(tensor::size_of(tensor::kept_shape("Mean", whole, axes)));
  return tensor::summed(lazy * (parts / static_cast<double>(tensor::size_of(whole))), axes, keep_dims, "Mean", where);
}

}  // namespace duet
