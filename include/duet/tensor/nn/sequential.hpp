// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <source_location>

#include <duet/tree/tree.hpp>

namespace duet::nn {

/// Layers one after the other: `Sequential(Linear(4, 16, generator), ReLU{}, Linear(16, 3, generator))`. A layer is
/// whatever can be called: a struct of parameters, a function. A structure like a tuple of the layers.
template <class... Layer>
struct Sequential {
  std::tuple<Layer...> layers;

  Sequential() requires(sizeof...(Layer) > 0) = default;
  explicit(sizeof...(Layer) == 1) Sequential(Layer... layer) : layers(std::move(layer)...) {}

  template <class X>
  auto operator()(const X& x, const std::source_location& where = std::source_location::current()) const {
    return from<0>(x, where);
  }

 private:
  template <std::size_t K, class X>
  auto from(const X& x, const std::source_location& where) const {
    if constexpr (K == sizeof...(Layer)) {
      return x;
    } else {
      const auto& layer = std::get<K>(layers);
      if constexpr (std::is_invocable_v<decltype(layer), const X&, const std::source_location&>) {
        return from<K + 1>(layer(x, where), where);
      } else {
        return from<K + 1>(layer(x), where);
      }
    }
  }
};

}  // namespace duet::nn

namespace duet::tree {

template <class... Layer>
struct Structure<nn::Sequential<Layer...>> : Structure<std::tuple<Layer...>> {
  template <class S>
  using rebound = nn::Sequential<rebind_element<Layer, S>...>;

  template <std::size_t I>
  static constexpr auto& at(auto& x) {
    return std::get<I>(x.layers);
  }
};

}  // namespace duet::tree
