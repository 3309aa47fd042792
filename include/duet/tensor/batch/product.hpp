// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/reduce.hpp>
#include <duet/tensor/linear.hpp>

/// Products of samples with samples, or with what all samples share: for each sample what the function of the same name
/// computes for tensors. Where one side is shared, the whole batch is one product of matrices.
namespace duet {

namespace tensor {

/// One side of `matmul`: vectors become matrices, and samples get axes in front of their matrices, up to `batch_axes`.
template <class T, class X>
Tensor<T> as_matrices(const X& x, std::size_t batch_axes, bool is_left) {
  Shape shape = x.shape();
  if (shape.size() == 1) shape.insert(is_left ? shape.begin() : shape.end(), std::size_t{1});
  if constexpr (batched<X>) {
    while (shape.size() < batch_axes + 2) shape.insert(shape.begin(), std::size_t{1});
    shape.insert(shape.begin(), x.samples());
  }
  const Tensor<T> all = whole_of_batch<T>(x);
  return all.shape() == shape ? all : reshaped(all, shape, {});
}

/// `matmul` where a side is of samples.
template <class T, class A, class B>
Batched<T> batched_matmul(const A& a, const B& b, const std::source_location& where) {
  const std::size_t of_a = a.dimension(), of_b = b.dimension();
  if (of_a == 0 || of_b == 0 || a.shape().back() != b.shape()[of_b == 1 ? 0 : of_b - 2]) {
    throw shape_error("matmul", a.shape(), b.shape(), "of samples can't be multiplied");
  }
  const std::size_t samples = common_samples(a, b);
  if constexpr (!batched<A>) {
    if (of_a == 2 && of_b == 1) return Batched<T>(linear_of<T>(b.all(), a, {}, where));
  }
  const std::size_t batch_axes = std::max({of_a, of_b, std::size_t{2}}) - 2;
  const Tensor<T> product =
      matmul_of<T>("Matmul", as_matrices<T>(a, batch_axes, true), as_matrices<T>(b, batch_axes, false), where);
  Shape sample(product.shape().begin() + 1, product.shape().end());
  if (of_b == 1) sample.pop_back();
  if (of_a == 1) sample.erase(sample.end() - (of_b == 1 ? 1 : 2));
  return Batched<T>(reshaped(product, batch_shape(samples, sample), where));
}

/// x W^T of samples with a weight of their own each: one operation, whose gradients are products for each sample.
template <class T, class X>
Batched<T> linear_by_sample(const X& x, const Batched<T>& weight, const std::source_location& where) {
  const Shape in = x.shape(), of_weight = weight.shape();
  if (of_weight.size() != 2 || in.empty() || in.back() != of_weight[1]) {
    throw shape_error("linear", in, of_weight,
                      "of the input and the weight must be (..., inputs) and (outputs, inputs)");
  }
  const std::size_t samples = common_samples(x, weight), outputs = of_weight[0], inputs = of_weight[1],
                    rows = size_of(in) / std::max<std::size_t>(inputs, 1);
  const Shape batch{samples};
  Shape out = in;
  out.back() = outputs;
  const Matrices xs{batched<X> ? batch : Shape{}, rows, inputs}, ws{batch, inputs, outputs, true},
      ys{batch, rows, outputs};
  return Batched<T>(
      product("Linear", whole_of_batch<T>(x), xs, weight.all(), ws, ys, batch_shape(samples, out), where));
}

}  // namespace tensor

template <class A, class B>
requires tensor::some_batched<A, B>
auto matmul(const A& a, const B& b, const std::source_location& where = std::source_location::current()) {
  using T = tensor::product_element<A, B>;
  if constexpr (!tensor::batched<A>) {
    return tensor::batched_matmul<T>(Tensor<T>(a), b, where);
  } else if constexpr (!tensor::batched<B>) {
    return tensor::batched_matmul<T>(a, Tensor<T>(b), where);
  } else {
    return tensor::batched_matmul<T>(a, b, where);
  }
}

template <class A, class B>
requires tensor::some_batched<A, B>
auto dot(const A& a, const B& b) {
  tensor::require_dimensions("dot", a.shape(), 1, b.shape(), 1);
  if (a.shape() != b.shape()) throw tensor::shape_error("dot", a.shape(), b.shape(), "are not the same");
  return sum(op::apply<op::Multiply>(a, b));
}

template <class A, class B>
requires tensor::some_batched<A, B>
auto outer(const A& a, const B& b) {
  using T = tensor::product_element<A, B>;
  tensor::require_dimensions("outer", a.shape(), 1, b.shape(), 1);
  const auto column = [](const auto& x) {
    const std::size_t size = x.shape()[0];
    if constexpr (tensor::batched<std::remove_cvref_t<decltype(x)>>) {
      return Batched<T>(tensor::reshaped(x.all(), {x.samples(), size, 1}, {}));
    } else {
      return tensor::reshaped(Tensor<T>(x), {size, 1}, {});
    }
  };
  return op::apply<op::Multiply>(column(a), b);
}

/// `linear` of samples; weight and bias are shared, or samples' own (as in `per_sample_grad`).
template <class X, class W, class B = W>
requires tensor::some_batched<X, W, B>
auto linear(const X& x, const W& weight, const B& bias = {},
            const std::source_location& where = std::source_location::current()) {
  using T = typename W::value_type;
  if constexpr (tensor::batched<X> && !tensor::batched<W> && !tensor::batched<B>) {
    if (x.dimension() == 0) throw tensor::shape_error("linear", x.shape(), weight.shape(), "don't fit");
    return Batched<T>(tensor::linear_of<T>(x.all(), weight, bias, where));
  } else {
    const auto product = [&] {
      if constexpr (tensor::batched<W>) {
        if constexpr (tensor::batched<X>) {
          return tensor::linear_by_sample<T>(x, weight, where);
        } else {
          return tensor::linear_by_sample<T>(Tensor<T>(x), weight, where);
        }
      } else {
        return linear(x, weight, W{}, where);
      }
    };
    if constexpr (tensor::batched<decltype(product())>) {
      const auto y = product();
      return bias.defined() ? op::apply<op::Add>(y, bias) : y;
    } else {
      return op::apply<op::Add>(product(), bias);
    }
  }
}

}  // namespace duet
