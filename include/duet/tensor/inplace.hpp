// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/rearrange.hpp>
#include <duet/tensor/statement.hpp>

/// Changing tensors in place.
namespace duet {

namespace tensor {

/// Whether the elements of `x` may be written to now. Throws InplaceError if not.
template <class T>
void check_writable(const Tensor<T>& x, const char* operation) {
  if (recording && x.is_leaf() && x.needs_grad()) {
    throw InplaceError(std::string(operation) +
                       ": a leaf that requires a gradient can't be changed in place while operations are recorded; "
                       "do it under NoGrad, or change a copy");
  }
  if (x.state()->is_shared()) {
    throw InplaceError(std::string(operation) + ": a reshaped tensor shares these elements; change a copy()");
  }
}

/// Copies the elements of `y` into those of `x`, which from now on was made by what made `y`.
template <class T>
Tensor<T>& replace(Tensor<T>& x, const Tensor<T>& y) {
  std::copy_n(y.data(), y.size(), x.data());
  x.changed();
  x.state()->maker = y.state()->maker;
  return x;
}

/// Gives `x` the values of a formula, which has its shape or broadcasts to it.
template <class T, class L>
Tensor<T>& assign_formula(Tensor<T>& x, const L& lazy, const char* operation, const std::source_location& where) {
  check_writable(x, operation);
  const Shape whole = broadcast(operation, x.shape(), shape_of(lazy));
  if (whole != x.shape())
    throw shape_error(operation, whole, x.shape(), "don't fit: the result is larger than the tensor");
  using Fn = Function<L>;
  const Tensors<T> inputs = Fn::tensors_of(lazy);
  const bool overlaps = std::any_of(inputs.begin(), inputs.end(), [&](const Tensor<T>& one) {
    return one.state()->storage == x.state()->storage && one.shape() != x.shape();
  });
  if (is_recorded(inputs) || (recording && x.needs_grad()) || overlaps || shape_of(lazy) != whole) {
    const Tensor<T> y = lazy.tensor(where);
    return replace(x, y.shape() == whole ? y : expanded(y, whole, where));
  }
  T numbers[Fn::numbers > 0 ? Fn::numbers : 1];
  Fn::numbers_of(lazy, numbers);
  observed([&] { return std::string(operation); }, Phase::forward, where,
           [&] {
             Statement<Fn>::into(x.data(), inputs, numbers, whole, whole);
             return x.detach();
           });
  x.changed();
  return x;
}

}  // namespace tensor

template <class T>
template <class Op, class X>
Tensor<T>& Tensor<T>::update(const X& x) {
  return tensor::assign_formula(*this, op::apply<Op>(*this, x), tensor::node_name(op::code<Op>).c_str(), {});
}
template <class T>
template <class X>
Tensor<T>& Tensor<T>::assign(const X& x) {
  return tensor::assign_formula(*this, TensorEngine::as_lazy(x), "Copy", {});
}

}  // namespace duet
