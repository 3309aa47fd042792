// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/reduce.hpp>

/// Running sums and products along an axis.
namespace duet {

namespace tensor {

constexpr Direction opposite(Direction direction) {
  return direction == Direction::up ? Direction::down : Direction::up;
}

/// y(i) = x(i - 1) along an axis (or x(i + 1), downwards), and `first` where there is none.
template <class T, class P>
Tensor<T, P> shifted(const Tensor<T, P>& x, std::size_t axis, Direction direction, T first,
                     const std::source_location& where) {
  return operation<T, P>(
      "Shift", {x}, {}, where,
      [&] {
        return line_by_line("Shift", std::array{&x}, Axes(static_cast<std::ptrdiff_t>(axis)),
                            by_line::Shift<T>{direction, first});
      },
      [axis, direction, where](const Call<T, P>& call) {
        return Tensors<T, P>{shifted(call.cotangent(), axis, opposite(direction), T(0), where)};
      });
}

/// y(i) = a(i) y(i - 1) + b(i) along an axis, from y(-1) = `start` (or the other way round, downwards). An undefined
/// `b` is zero. Its pullback is again such a recurrence, the other way round:
///   u(i) = a(i + 1) u(i + 1) + w(i) is the cotangent of b(i), and u(i) y(i - 1) that of a(i).
template <class T, class P>
Tensor<T, P> recurrence(const char* name, const Tensor<T, P>& a, const Tensor<T, P>& b, T start, std::size_t axis,
                        Direction direction, const std::source_location& where) {
  Tensors<T, P> inputs{a};
  if (b.defined()) inputs.push_back(b);
  return operation<T, P>(
      name, inputs, {.inputs = true, .output = true}, where,
      [&] {
        if (!b.defined())
          return line_by_line(name, std::array{&a}, Axes(static_cast<std::ptrdiff_t>(axis)),
                              by_line::RunningProduct<T>{direction, start});
        return line_by_line(name, std::array{&a, &b}, Axes(static_cast<std::ptrdiff_t>(axis)),
                            by_line::Recurrence<T>{direction, start});
      },
      [has_b = b.defined(), start, axis, direction, where](const Call<T, P>& call) {
        const Direction back = opposite(direction);
        const Tensor<T, P> u = recurrence("Recurrence", shifted(call.input(0), axis, back, T(0), where),
                                          call.cotangent(), T(0), axis, back, where);
        Tensors<T, P> cotangents(has_b ? 2 : 1);
        if (call.needs(0)) cotangents[0] = mul(u, shifted(call.output(), axis, direction, start, where));
        if (has_b) cotangents[1] = u;
        return cotangents;
      });
}

template <class T, class P>
Tensor<T, P> running_sum(const Tensor<T, P>& x, std::size_t axis, Direction direction,
                         const std::source_location& where) {
  return operation<T, P>(
      "Cumsum", {x}, {}, where,
      [&] {
        return line_by_line("Cumsum", std::array{&x}, Axes(static_cast<std::ptrdiff_t>(axis)),
                            by_line::RunningSum{direction});
      },
      [axis, direction, where](const Call<T, P>& call) {
        return Tensors<T, P>{running_sum(call.cotangent(), axis, opposite(direction), where)};
      });
}

template <class T, class P>
Tensor<T, P> running_product(const Tensor<T, P>& x, std::size_t axis, Direction direction,
                             const std::source_location& where) {
  return recurrence("Cumprod", x, Tensor<T, P>(), T(1), axis, direction, where);
}

/// The product along one axis, which stays with size 1. The derivative with respect to an element is the product of
/// those before it and those after it, so zeros need no special case.
template <class T, class P>
Tensor<T, P> product(const Tensor<T, P>& x, std::size_t axis, const std::source_location& where) {
  const Lines lines("Prod", x.shape(), static_cast<std::ptrdiff_t>(axis));
  return operation<T, P>(
      "Prod", {x}, {.inputs = true}, where, [&] { return folded(x, lines, lines.kept(), by_line::Product{}); },
      [axis, where](const Call<T, P>& call) {
        const auto others = [&](Direction direction) {
          return shifted(running_product(call.input(0), axis, direction, where), axis, direction, T(1), where);
        };
        return Tensors<T, P>{mul(call.cotangent(), mul(others(Direction::up), others(Direction::down)))};
      });
}

}  // namespace tensor

/// Sums along an axis of each element and those before it. Throws ShapeError if the axis is not there.
template <tensor::tensorial X>
auto cumsum(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  return tensor::running_sum(t, tensor::axis_of("cumsum", axis, t.shape()), tensor::Direction::up, where);
}

/// Products along an axis of each element and those before it. Derivatives of any order are right where elements are
/// zero, too, and take linear time. Throws ShapeError if the axis is not there.
template <tensor::tensorial X>
auto cumprod(const X& x, std::ptrdiff_t axis, const std::source_location& where = std::source_location::current()) {
  const tensor::TensorOf<X> t(x);
  return tensor::running_product(t, tensor::axis_of("cumprod", axis, t.shape()), tensor::Direction::up, where);
}

/// The product of the elements over `axes`. Derivatives of any order are right where elements are zero, too, and take
/// linear time. Throws ShapeError for axes that are not there.
template <tensor::tensorial X>
auto prod(const X& x, const Axes& axes = {}, bool keep_dims = false,
          const std::source_location& where = std::source_location::current()) {
  using T = typename X::value_type;
  using P = typename X::place_type;
  Tensor<T, P> y(x);
  const tensor::Lines lines("prod", y.shape(), axes);
  const Shape shape = y.shape();
  if (axes.all) {
    y = tensor::product(reshape(y, {y.size()}), 0, where);
  } else {
    for (std::ptrdiff_t axis : axes.list) y = tensor::product(y, tensor::axis_of("prod", axis, shape), where);
  }
  return y.shape() == lines.result_shape(keep_dims) ? y : reshape(y, lines.result_shape(keep_dims));
}

}  // namespace duet
