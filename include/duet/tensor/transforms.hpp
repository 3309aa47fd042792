// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/engine.hpp>
#include <duet/tensor/parameters.hpp>
#include <duet/tensor/view.hpp>
#include <duet/transform/grad.hpp>

/// `grad(f)` and `value_and_grad(f)` of functions of tensors and of structures of tensors.
namespace duet {

namespace tensor {

/// Calls functions with tensors of their own, so that `grad()` of those given does not change.
struct Gradients {
  /// The gradient with respect to the arguments that `W` selects, in their structure; several make a tuple. With the
  /// value, a tensor, in front of it if that is wanted. Numbers among the variables become tensors of one element.
  /// Throws ShapeError if the value is more than one number.
  template <class W, bool WithValue, class F, class... X>
  static auto gradient(const F& f, const X&... x) {
    using Y = typename TensorIn<X...>::type;
    using T = typename Y::value_type;
    using P = typename Y::place_type;
    std::vector<Y> variables;
    bool is_nested = false;
    const auto [value, gradients] = [&] {
      const bool records = recording;
      const EnableGrad guard;
      const auto variable = [&](const auto& leaf) {
        if constexpr (is_tensor<std::remove_cvref_t<decltype(leaf)>>) {
          const bool is_part = records && leaf.needs_grad();
          is_nested = is_nested || is_part;
          variables.push_back(is_part ? reshape(leaf, leaf.shape()) : leaf.detach().requires_grad());
        } else {
          variables.push_back(Y(static_cast<T>(leaf)).requires_grad());
        }
        return variables.back();
      };
      const auto result = call<W, Y>(f, variable, std::index_sequence_for<X...>(), x...);
      const Tensors<T, P> all =
          autograd::grad<T, P>({result}, variables, {.create_graph = is_nested, .allow_unused = true});
      return std::pair(is_nested ? result : result.detach(), all);
    }();
    std::size_t next = 0;
    auto in_structure = structure<W, Y>(
        [&](const auto&) {
          const Y& g = gradients[next];
          const Shape& shape = variables[next++].shape();
          return g.defined() ? g : Y::full(shape, 0);
        },
        std::index_sequence_for<X...>(), x...);
    if constexpr (WithValue) {
      return std::pair(value, std::move(in_structure));
    } else {
      return in_structure;
    }
  }

 private:
  template <class W>
  using Selected = tape::Selection<W>;

  template <class W, class Y, class F, class Lift, std::size_t... K, class... X>
  static Y call(const F& f, const Lift& lift, std::index_sequence<K...>, const X&... x) {
    const std::tuple<decltype(argument<Selected<W>::has(K), Y>(lift, x))...> all{
        argument<Selected<W>::has(K), Y>(lift, x)...};  // braces: in this order
    return Y(std::apply(f, all));
  }
  template <bool Varies, class Y, class Lift, class X>
  static auto argument(const Lift& lift, const X& x) {
    if constexpr (Varies) {
      return tree::map_leaves<Y>(x, lift);
    } else {
      return x;
    }
  }

  template <class W, class Y, class Lift, std::size_t... K, class... X>
  static auto structure(const Lift& lift, std::index_sequence<K...>, const X&... x) {
    const auto one = [&]<bool Varies>(std::bool_constant<Varies>, const auto& each) {
      if constexpr (Varies) {
        return std::tuple(tree::map_leaves<Y>(each, lift));
      } else {
        return std::tuple<>();
      }
    };
    auto all = [](auto... part) { return std::tuple_cat(std::move(part)...); };
    const std::tuple<decltype(one(std::bool_constant<Selected<W>::has(K)>(), x))...> parts{
        one(std::bool_constant<Selected<W>::has(K)>(), x)...};
    auto joined = std::apply(all, parts);
    if constexpr (std::tuple_size_v<decltype(joined)> == 1) {
      return std::get<0>(std::move(joined));
    } else {
      return joined;
    }
  }
};

}  // namespace tensor

template <class... X>
requires(model<X> || ...) struct transform::array_engine<X...> : std::type_identity<tensor::Gradients> {
};

}  // namespace duet
