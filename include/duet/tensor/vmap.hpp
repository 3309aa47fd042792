// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/batch/layer.hpp>
#include <duet/tensor/batch/product.hpp>
#include <duet/tensor/batch/reduce.hpp>
#include <duet/tensor/batch/shape.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/parameters.hpp>
#include <duet/tree/sequence.hpp>

/// Functions of one sample, applied to a batch in single operations.
namespace duet {

namespace tensor {

/// The samples in the tensors of a structure; what holds no tensors is passed on.
template <class X>
auto as_samples(const X& x) {
  if constexpr (tensorial<X>) {
    return Batched<typename X::value_type>(Tensor<typename X::value_type>(x));
  } else if constexpr (model<X>) {
    using S = Batched<element_of<X>>;
    static_assert(!std::is_same_v<tree::rebind<X, S>, X>,
                  "duet: samples take the place of tensors in a structure, so a struct has to be a template on its "
                  "numbers: template <class T> struct Net { nn::Linear<T> layer; };");
    return tree::map_leaves<S>(x, [](const auto& leaf) { return leaf.defined() ? S(leaf) : S(); });
  } else {
    return x;
  }
}

/// A number of samples that nobody has told yet, or that of the tensors in a structure. Throws ShapeError where they
/// have different ones.
template <class X>
void count_samples(const X& x, std::size_t& samples) {
  const auto count = [&](const Shape& shape) {
    if (shape.empty()) throw ShapeError("vmap: a number has no axis along which there could be samples");
    if (samples != 0 && samples != shape[0]) {
      throw ShapeError("vmap: batches of " + std::to_string(samples) + " and " + std::to_string(shape[0]) + " samples");
    }
    samples = shape[0];
  };
  if constexpr (tensorial<X>) {
    count(x.shape());
  } else if constexpr (model<X>) {
    tree::for_each_leaf(x, [&](const auto& leaf) {
      if (leaf.defined()) count(leaf.shape());
    });
  }
}

/// What a function made of samples, as tensors; what is the same for all samples is repeated.
template <class Y>
auto from_samples(const Y& y, std::size_t samples) {
  if constexpr (batched<Y>) {
    return y.all();
  } else if constexpr (tensorial<Y>) {
    const Tensor<typename Y::value_type> t(y);
    return expanded(t, batch_shape(samples, t.shape()), {});
  } else if constexpr (std::is_arithmetic_v<Y>) {
    return Tensor<double>::full({samples}, static_cast<double>(y));
  } else {
    return std::apply([&](const auto&... one) { return std::make_tuple(from_samples(one, samples)...); }, y);
  }
}

}  // namespace tensor

/// `f`, a function of one sample, as a function of batches: tensors with samples along the first axis, or structures of
/// such. `f` is called once, with all samples (`Batched`), so it takes as long as one call on the whole, not one for
/// each sample. It may use arithmetic, the functions of the op table, `where`, reductions, `matmul` and its relatives,
/// changes of shape, and tensors that all samples share. Its result is a sample, a tensor, a number or a tuple of
/// these. Throws ShapeError where batches have different numbers of samples.
template <class F>
auto vmap(F f) {
  return [f = std::move(f)](const auto&... x) {
    std::size_t samples = 0;
    (tensor::count_samples(x, samples), ...);
    return tensor::from_samples(f(tensor::as_samples(x)...), samples);
  };
}

/// The gradients of a loss of one sample, `f(parameters, x...)`, for each sample of a batch: the structure of the
/// parameters, with gradients that have the samples along their first axis. One sweep for all of them (BackPACK's
/// "BatchGrad", Dangel et al., 2020): each sample gets parameters of its own, so memory is that of the parameters times
/// the number of samples. Parameters are tensors, or a structure of them. Throws ShapeError unless the loss is a
/// number.
template <class F>
auto per_sample_grad(F f) {
  return [f = std::move(f)]<class P, class... X>(const P& parameters, const X&... x) {
    using T = element_of<P>;
    std::size_t samples = 0;
    (tensor::count_samples(x, samples), ...);
    const EnableGrad recorded;
    tensor::Tensors<T> own;
    P expanded = parameters;
    tree::for_each_leaf(expanded, [&](Tensor<T>& p) {
      if (!p.defined()) return;
      p = tensor::expanded(p.detach(), tensor::batch_shape(samples, p.shape()), {}).requires_grad();
      own.push_back(p);
    });
    const auto loss = f(tensor::as_samples(expanded), tensor::as_samples(x)...);
    if (loss.dimension() != 0) {
      throw ShapeError("per_sample_grad: the loss of a sample has shape " + to_string(loss.shape()) +
                       " and is no number");
    }
    const auto gradients = autograd::grad<T>({sum(loss.all())}, own, {.allow_unused = true});
    auto next = gradients.begin();
    tree::for_each_leaf(expanded, [&](Tensor<T>& p) {
      if (!p.defined()) return;
      p = next->defined() ? *next : Tensor<T>::full(p.shape(), 0);
      ++next;
    });
    return expanded;
  };
}

}  // namespace duet
