// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/lines.hpp>
#include <duet/tensor/operation.hpp>

/// Running sums and products along an axis.
namespace duet {

namespace tensor {

/// In which direction a line is gone through.
enum class Direction { up, down };
constexpr Direction opposite(Direction direction) {
  return direction == Direction::up ? Direction::down : Direction::up;
}

/// Works along the lines of an axis: `step(in, out, i, before)` writes element `i`, where `before` is the number of the
/// element that the walk comes from, or -1.
template <class P, class T, std::size_t N, class Step>
Tensor<T, P> walked(const char* name, const std::array<const T*, N>& from, const Shape& shape, std::size_t axis,
                    Direction direction, const Step& step) {
  Tensor<T, P> y = Tensor<T, P>::uninitialized(shape);
  const Lines lines(name, shape, static_cast<std::ptrdiff_t>(axis));
  const auto size = static_cast<std::ptrdiff_t>(lines.size());
  lines(from, std::array{y.data()}, [&](std::size_t, const auto& in, const auto& out) {
    if (direction == Direction::up) {
      for (std::ptrdiff_t i = 0; i < size; ++i) step(in, out[0], i, i - 1);
    } else {
      for (std::ptrdiff_t i = size; i-- > 0;) step(in, out[0], i, i + 1 < size ? i + 1 : -1);
    }
  });
  return y;
}

/// y(i) = x(i - 1) along an axis (or x(i + 1), downwards), and `first` where there is none.
template <class T, class P>
Tensor<T, P> shifted(const Tensor<T, P>& x, std::size_t axis, Direction direction, T first,
                     const std::source_location& where) {
  return operation<T, P>(
      "Shift", {x}, {}, where,
      [&] {
        return walked<P>("Shift", std::array{std::as_const(x).data()}, x.shape(), axis, direction,
                         [first](const auto& in, T* out, std::ptrdiff_t i, std::ptrdiff_t before) {
                           out[i] = before < 0 ? first : in[0][before];
                         });
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
        if (!b.defined()) {
          return walked<P>(name, std::array{std::as_const(a).data()}, a.shape(), axis, direction,
                           [start](const auto& in, T* out, std::ptrdiff_t i, std::ptrdiff_t before) {
                             out[i] = in[0][i] * (before < 0 ? start : out[before]);
                           });
        }
        return walked<P>(name, std::array{std::as_const(a).data(), std::as_const(b).data()}, a.shape(), axis, direction,
                         [start](const auto& in, T* out, std::ptrdiff_t i, std::ptrdiff_t before) {
                           out[i] = in[0][i] * (before < 0 ? start : out[before]) + in[1][i];
                         });
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
        return walked<P>("Cumsum", std::array{std::as_const(x).data()}, x.shape(), axis, direction,
                         [](const auto& in, T* out, std::ptrdiff_t i, std::ptrdiff_t before) {
                           out[i] = before < 0 ? in[0][i] : in[0][i] + out[before];
                         });
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
      "Prod", {x}, {.inputs = true}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(lines.kept());
        T* const to = y.data();
        lines.each(x.data(), [&](std::size_t k, const T* line) {
          T product = 1;
          for (std::size_t i = 0; i < lines.size(); ++i) product *= line[i];
          to[k] = product;
        });
        return y;
      },
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
