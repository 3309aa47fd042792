// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/tensor.hpp>
#include <duet/tree/flatten.hpp>

/// Models: structures whose leaves are tensors. A tensor is a leaf to `tree/`, like any other active number, so every
/// struct, array or vector of tensors is a structure without a word.
namespace duet {

namespace tensor {

/// The type of the elements of the tensors in some structures; `void` if there are none.
template <class... X>
struct ElementIn;
template <>
struct ElementIn<> : std::type_identity<void> {};
template <class X>
struct ElementIn<X> : std::type_identity<void> {};
template <class T>
struct ElementIn<Tensor<T>> : std::type_identity<T> {};
template <class X>
requires tree::is_container<X>
struct ElementIn<X> : ElementIn<tree::parts<X>> {
};
template <class... P>
struct ElementIn<tree::Parts<P...>> : ElementIn<P...> {};
template <class X, class Y, class... Rest>
struct ElementIn<X, Y, Rest...> {
  using first = typename ElementIn<X>::type;
  using others = typename ElementIn<Y, Rest...>::type;
  static_assert(std::is_void_v<first> || std::is_void_v<others> || std::is_same_v<first, others>,
                "duet: a model with tensors of float and tensors of double; convert one of them with to<T>()");
  using type = std::conditional_t<std::is_void_v<first>, others, first>;
};

}  // namespace tensor

/// A struct, array, vector or tuple with tensors in it.
template <class M>
concept model = !std::is_void_v<typename tensor::ElementIn<std::remove_cvref_t<M>>::type>;

/// The type of the elements of a model's tensors.
template <model M>
using element_of = typename tensor::ElementIn<std::remove_cvref_t<M>>::type;

/// The tensors of a model in the order of its members: handles, so that changing them changes the model. Members that
/// hold no tensor (a layer without bias) are left out.
template <model M>
std::vector<Tensor<element_of<M>>> parameters(const M& x) {
  std::vector<Tensor<element_of<M>>> all;
  tree::for_each_leaf(x, [&](const auto& leaf) {
    if constexpr (tensor::is_tensor<std::remove_cvref_t<decltype(leaf)>>) {
      if (leaf.defined()) all.push_back(leaf);
    }
  });
  return all;
}

/// Tensors with names.
template <class T>
using NamedTensors = std::vector<std::pair<std::string, Tensor<T>>>;

/// The tensors of a model with their paths, "layer1.weight": members by their names where these are known to
/// Boost.Hana, everything else by position, "[0].weight".
template <model M>
NamedTensors<element_of<M>> named_parameters(const M& x) {
  const std::vector<std::string> names = leaf_names(x);
  NamedTensors<element_of<M>> all;
  auto name = names.begin();
  tree::for_each_leaf(x, [&](const auto& leaf) {
    if constexpr (tensor::is_tensor<std::remove_cvref_t<decltype(leaf)>>) {
      if (leaf.defined()) all.emplace_back(*name, leaf);
    }
    ++name;
  });
  return all;
}

}  // namespace duet
