// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/rearrange.hpp>
#include <duet/tensor/statement.hpp>

/// Changing tensors in place.
namespace duet {

namespace tensor {

/// Whether the elements of `x` may be written to now. Throws InplaceError if not.
template <class T, class P>
void check_writable(const Tensor<T, P>& x, const char* operation) {
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
template <class T, class P>
Tensor<T, P>& replace(Tensor<T, P>& x, const Tensor<T, P>& y) {
  Memory<P>::copy(std::as_const(y).data(), y.size(), x.data());
  x.changed();
  if (recording) set_maker(x, y.state()->maker);
  return x;
}

/// Gives `x` the values of a formula, which has its shape or broadcasts to it.
template <class T, class P, class L>
Tensor<T, P>& assign_formula(Tensor<T, P>& x, const L& lazy, const char* operation, const std::source_location& where) {
  check_writable(x, operation);
  using Fn = Function<L>;
  const auto arguments = arguments_of(lazy);
  const Shape whole = broadcast(operation, x.shape(), arguments.whole);
  if (whole != x.shape())
    throw shape_error(operation, whole, x.shape(), "don't fit: the result is larger than the tensor");
  const Tensors<T, P>& inputs = arguments.tensors;
  const bool overlaps = std::any_of(inputs.begin(), inputs.end(), [&](const Tensor<T, P>& one) {
    return one.state()->storage == x.state()->storage && one.shape() != x.shape();
  });
  if (is_recorded(inputs) || (recording && x.needs_grad()) || overlaps || arguments.whole != whole) {
    const Tensor<T, P> y = lazy.tensor(where);
    return replace(x, y.shape() == whole ? y : expanded(y, whole, where));
  }
  observed([&] { return std::string(operation); }, Phase::forward, where,
           [&] {
             evaluate_into<Fn>(x.data(), arguments, whole);
             return x.detach();
           });
  x.changed();
  return x;
}

/// The left operand of `Op` in place. Where derivatives may need its elements, which are about to be overwritten, it is
/// a copy of them that was made by the same operation.
template <class Op, class T, class P, class X>
Tensor<T, P> left_operand(const Tensor<T, P>& a, const X& b) {
  if constexpr ((std::same_as<Op, op::Multiply> || std::same_as<Op, op::Divide>)&&!std::is_arithmetic_v<X>) {
    if (is_recorded(a) || is_recorded(Tensors<T, P>(arguments_of(TensorEngine::as_lazy(b)).tensors))) {
      const Tensor<T, P> kept = a.copy().detach();
      kept.state()->maker = edge(a);
      return kept;
    }
  }
  return a;
}

}  // namespace tensor

template <class T, class P>
template <class Op, class X>
Tensor<T, P>& Tensor<T, P>::update(const X& x) {
  const Tensor a = tensor::left_operand<Op>(*this, x);
  return tensor::assign_formula(*this, op::apply<Op>(a, x), tensor::node_name(op::code<Op>).c_str(), {});
}
template <class T, class P>
template <class X>
Tensor<T, P>& Tensor<T, P>::assign(const X& x) {
  if constexpr (std::is_arithmetic_v<X>) {
    return assign(Tensor(static_cast<T>(x)));
  } else {
    return tensor::assign_formula(*this, TensorEngine::as_lazy(x), "Copy", {});
  }
}

}  // namespace duet
