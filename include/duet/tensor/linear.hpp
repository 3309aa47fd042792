// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/matmul.hpp>
#include <duet/tensor/moves.hpp>

/// The affine map of a layer.
namespace duet {

namespace tensor {

template <class T, class P>
Tensor<T, P> linear_of(const Tensor<T, P>& x, const Tensor<T, P>& weight, const Tensor<T, P>& bias,
                       const std::source_location& where) {
  if (weight.dimension() != 2 || x.dimension() == 0 || x.shape().back() != weight.shape()[1]) {
    throw shape_error("linear", x.shape(), weight.shape(),
                      "of the input and the weight must be (..., inputs) and (outputs, inputs)");
  }
  const std::size_t outputs = weight.shape()[0], inputs = weight.shape()[1];
  const std::size_t rows = size_of(Shape(x.shape().begin(), x.shape().end() - 1));
  if (bias.defined() && bias.shape() != Shape{outputs}) {
    throw shape_error("linear", bias.shape(), weight.shape(),
                      "of the bias and the weight must be (outputs,) and (outputs, inputs)");
  }
  Shape shape = x.shape();
  shape.back() = outputs;
  const Matrices xs{{}, rows, inputs}, ws{{}, inputs, outputs, true}, ys{{}, rows, outputs};
  if (!bias.defined()) return product("Linear", x, xs, weight, ws, ys, shape, where);
  return operation<T, P>(
      "Linear", {x, weight, bias}, {.inputs = true}, where,
      [&] {
        Tensor<T, P> y = Tensor<T, P>::uninitialized(shape);
        load<P>(broadcast_places(bias.shape(), shape), bias.data(), y.data());
        Products<P>::gemm(false, true, rows, outputs, inputs, x.data(), weight.data(), true, y.data());
        return y;
      },
      [xs, ws, ys, x_shape = x.shape(), where](const Call<T, P>& call) {
        const Tensor<T, P>& g = call.cotangent();
        Tensors<T, P> result(3);
        if (call.needs(0)) result[0] = product("Linear", g, ys, call.input(1), ws.flipped(), xs, x_shape, where);
        if (call.needs(1)) {
          result[1] = product("Linear", call.input(0), xs.flipped(), g, ys, ws, {ws.columns, ws.rows}, where);
        }
        if (call.needs(2)) result[2] = sum_to(g, {ws.columns});
        return result;
      });
}

}  // namespace tensor

/// x W^T + b, one operation: `x` of shape (..., inputs), `weight` (outputs, inputs), `bias` (outputs,). The gradients
/// are two products and a sum. Throws ShapeError where shapes do not fit.
template <tensor::tensorial X, tensor::tensorial W>
auto linear(const X& x, const W& weight, const Tensor<typename W::value_type, typename W::place_type>& bias = {},
            const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<X, W>;
  using P = typename X::place_type;
  return tensor::linear_of<T, P>(Tensor<T, P>(x), Tensor<T, P>(weight), bias, where);
}

}  // namespace duet
