// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/tensor.hpp>
#include <duet/tree/flatten.hpp>

/// Models: structures whose leaves are tensors. A tensor is a leaf to `tree/`, like any other active number, so every
/// struct, array or vector of tensors is a structure without a word.
namespace duet {

namespace tensor {

/// Whether two tensors could be part of one graph as far as their elements are concerned, or their places; `void` fits
/// to everything.
template <class A, class B>
inline constexpr bool same_elements = true;
template <class T, class P, class U, class Q>
inline constexpr bool same_elements<Tensor<T, P>, Tensor<U, Q>> = std::is_same_v<T, U>;
template <class A, class B>
inline constexpr bool same_place = true;
template <class T, class P, class U, class Q>
inline constexpr bool same_place<Tensor<T, P>, Tensor<U, Q>> = std::is_same_v<P, Q>;

/// The type of the tensors in some structures; `void` if there are none.
template <class... X>
struct TensorIn;
template <>
struct TensorIn<> : std::type_identity<void> {};
template <class X>
struct TensorIn<X> : std::type_identity<void> {};
template <class T, class P>
struct TensorIn<Tensor<T, P>> : std::type_identity<Tensor<T, P>> {};
template <class X>
requires tree::is_container<X>
struct TensorIn<X> : TensorIn<tree::parts<X>> {
};
template <class... Part>
struct TensorIn<tree::Parts<Part...>> : TensorIn<Part...> {};
template <class X, class Y, class... Rest>
struct TensorIn<X, Y, Rest...> {
  using first = typename TensorIn<X>::type;
  using others = typename TensorIn<Y, Rest...>::type;

  static_assert(same_elements<first, others>,
                "duet: a model with tensors of float and tensors of double; convert one of them with to<T>()");
  static_assert(same_place<first, others>,
                "duet: a model with tensors in different places; move one of them with to<Device>() or to<Host>()");
  using type = std::conditional_t<std::is_void_v<first>, others, first>;
};

}  // namespace tensor

/// A struct, array, vector or tuple with tensors in it.
template <class M>
concept model = !std::is_void_v<typename tensor::TensorIn<std::remove_cvref_t<M>>::type>;

/// The type of a model's tensors.
template <model M>
using tensor_of = typename tensor::TensorIn<std::remove_cvref_t<M>>::type;
/// The type of the elements of a model's tensors.
template <model M>
using element_of = typename tensor_of<M>::value_type;

/// The tensors of a model in the order of its members: handles, so that changing them changes the model. Members that
/// hold no tensor (a layer without bias) are left out.
template <model M>
std::vector<tensor_of<M>> parameters(const M& x) {
  std::vector<tensor_of<M>> all;
  tree::for_each_leaf(x, [&](const auto& leaf) {
    if constexpr (tensor::is_tensor<std::remove_cvref_t<decltype(leaf)>>) {
      if (leaf.defined()) all.push_back(leaf);
    }
  });
  return all;
}

/// Tensors with names.
template <class T, class P = DefaultPlace>
using NamedTensors = std::vector<std::pair<std::string, Tensor<T, P>>>;

/// The tensors of a model with their paths, "layer1.weight": members by their names where these are known to
/// Boost.Hana, everything else by position, "[0].weight".
template <model M>
auto named_parameters(const M& x) {
  const std::vector<std::string> names = leaf_names(x);
  NamedTensors<element_of<M>, typename tensor_of<M>::place_type> all;
  auto name = names.begin();
  tree::for_each_leaf(x, [&](const auto& leaf) {
    if constexpr (tensor::is_tensor<std::remove_cvref_t<decltype(leaf)>>) {
      if (leaf.defined()) all.emplace_back(*name, leaf);
    }
    ++name;
  });
  return all;
}

/// A copy of a model in another place, or with other numbers: `to<Device>(model)`, `to<float>(model)`. What requires a
/// gradient does so there; gradients stay behind.
template <class U, model M>
auto to(const M& x) {
  using Moved = decltype(std::declval<const tensor_of<M>&>().template to<U>());
  static_assert(std::is_same_v<Moved, tensor_of<M>> || !std::is_same_v<tree::rebind<M, Moved>, M>,
                "duet: other tensors take the place of a structure's, so a struct has to be a template on its numbers, "
                "with parameters of type nn::Parameter<T>");
  return tree::map_leaves<Moved>(x, [](const auto& leaf) {
    if (!leaf.defined()) return Moved();
    return leaf.detach().template to<U>().requires_grad(leaf.is_leaf() && leaf.needs_grad());
  });
}

}  // namespace duet
