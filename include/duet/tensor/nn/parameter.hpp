// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <boost/hana/define_struct.hpp>

#include <duet/tensor/nn/init.hpp>
#include <duet/tensor/parameters.hpp>

/// What layers are made of. A layer is a struct of parameters, described to Boost.Hana, that can be called. It is a
/// template on its numbers, so that samples (`Batched`) can take the place of its tensors.
namespace duet::nn {

namespace detail {
template <class T, class P>
struct Parameter : std::type_identity<T> {};
template <tensor::element T, class P>
struct Parameter<T, P> : std::type_identity<Tensor<T, P>> {};
}  // namespace detail

/// A parameter of a layer with numbers `T`: a tensor, or what stands for one.
template <class T, class P = DefaultPlace>
using Parameter = typename detail::Parameter<T, P>::type;

/// A parameter that has yet to get its numbers.
template <class X>
X parameter(const Shape& shape) {
  return X::full(shape, 0).requires_grad();
}

}  // namespace duet::nn
