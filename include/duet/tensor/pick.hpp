// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/moves.hpp>
#include <duet/tensor/operation.hpp>
#include <duet/tensor/sum.hpp>

/// Taking elements out of a tensor, and putting them into an empty one: each is the derivative of the other.
namespace duet::tensor {

/// A tensor of shape `shape` in which the elements of `values`, laid out as `places` say, have been added to zeros.
template <class T, class P>
Tensor<T, P> place(const char* name, const Tensor<T, P>& values, const Places& places, const Shape& shape,
                   const std::source_location& where);

/// The elements of `x` at `places`, as a new tensor. Recorded under this name.
template <class T, class P>
Tensor<T, P> pick(const char* name, const Tensor<T, P>& x, const Places& places, const std::source_location& where) {
  return operation<T, P>(
      name, {x}, {}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(places.shape());
        load<P>(places, x.data(), y.data());
        return y;
      },
      [name, places, shape = x.shape(), where](const Call<T, P>& call) {
        return Tensors<T, P>{place(name, call.cotangent(), places, shape, where)};
      });
}

template <class T, class P>
Tensor<T, P> place(const char* name, const Tensor<T, P>& values, const Places& places, const Shape& shape,
                   const std::source_location& where) {
  Places once = places;
  for (Places::Axis& axis : once.axes) axis.size = axis.step == 0 ? std::min<std::size_t>(axis.size, 1) : axis.size;
  if (once.shape() != places.shape()) return place(name, sum_to(values, once.shape()), once, shape, where);
  return operation<T, P>(
      name, {values}, {}, where,
      [&] {
        Tensor<T, P> y = places.covers ? Tensor<T, P>::uninitialized(shape) : Tensor<T, P>::full(shape, 0);
        if (places.table) {
          add_at<P>(places, y.data(), values.data());
        } else {
          store<P>(places, y.data(), values.data());
        }
        return y;
      },
      [name, places, where](const Call<T, P>& call) {
        return Tensors<T, P>{pick(name, call.cotangent(), places, where)};
      });
}

}  // namespace duet::tensor
