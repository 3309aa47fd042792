// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/flat.hpp>

/// From a user's function to what engines of structures differentiate: a function of structures of any size.
namespace duet::transform {

template <class T>
concept lazy = !tree::is_container<T> && !operand<T> && requires(const T& x) {
  eval(x);
};

/// What a function returned, as a structure of its own: a lazy expression of arrays is evaluated.
template <class R>
[[gnu::always_inline]] constexpr auto settled(R&& result) {
  if constexpr (lazy<std::remove_cvref_t<R>>) {
    return eval(result);
  } else {
    return std::forward<R>(result);
  }
}

/// The calls of function `F` at arguments `X...`, those of which vary that `W` selects. It refers to them.
template <class F, class W, class... X>
class Call {
  using Selected = tape::Selection<W>;
  using Indices = std::make_integer_sequence<int, static_cast<int>(sizeof...(X))>;

  template <class>
  struct Chosen;
  template <int... K>
  struct Chosen<std::integer_sequence<int, K...>> {
    using type = typename tape::unwrapped<decltype(std::tuple_cat(
        std::declval<std::conditional_t<Selected::has(K), std::tuple<std::type_identity<X>>, std::tuple<>>>()...))>::
        type;
  };

 public:
  /// The structure of the variables: that of the one argument, or a tuple of those of several.
  using structure = typename Chosen<Indices>::type;
  /// The number that all variables and all parameters can be converted to.
  using number = typename op::kept<
      typename tree::common_leaf<std::conditional_t<tape::can_vary<X>, X, std::tuple<>>...>::type>::type;

  Call(const F& f, const X&... x) : f_(f), x_(x...) {}

  /// Calls the function with `lift(leaf)`, an `S`, in place of each leaf of its variables, one after the other.
  template <class S, class Lift>
  auto with(Lift&& lift) const {
    return with<S>(lift, Indices{});
  }

  /// The structure of the variables with these numbers in place of their leaves.
  template <class S, class Number>
  tree::rebind<structure, S> structure_of(Number&& number) const {
    return structure_of<S>(number, Indices{});
  }

  /// How many variables there are.
  std::size_t size() const { return size(Indices{}); }

 private:
  template <class S, class Lift, int... K>
  auto with(Lift& lift, std::integer_sequence<int, K...>) const {
    using Arguments = std::tuple<decltype(argument<S, K>(lift))...>;
    return std::apply([&](auto&&... x) { return settled(tape::call_with(f_, std::forward<decltype(x)>(x)...)); },
                      Arguments{argument<S, K>(lift)...});
  }
  template <class S, int K, class Lift>
  decltype(auto) argument(Lift& lift) const {
    if constexpr (Selected::has(K)) {
      return tree::map_leaves<S>(std::get<K>(x_), lift);
    } else {
      return std::get<K>(x_);
    }
  }

  template <class S, class Number, int... K>
  tree::rebind<structure, S> structure_of(Number& number, std::integer_sequence<int, K...>) const {
    using Parts = std::tuple<decltype(part<S, K>(number))...>;  // in braces, they are made from left to right
    auto all =
        std::apply([](auto&&... part) { return std::tuple_cat(std::move(part)...); }, Parts{part<S, K>(number)...});
    if constexpr (std::tuple_size_v<decltype(all)> == 1) {
      return std::get<0>(std::move(all));
    } else {
      return all;
    }
  }
  template <class S, int K, class Number>
  auto part(Number& number) const {
    if constexpr (Selected::has(K)) {
      const auto& x = std::get<K>(x_);
      return std::tuple<tree::rebind<decltype(x), S>>(tree::map_leaves<S>(x, number));
    } else {
      return std::tuple<>();
    }
  }

  template <int... K>
  std::size_t size(std::integer_sequence<int, K...>) const {
    return (std::size_t{0} + ... + (Selected::has(K) ? tree::count_leaves(std::get<K>(x_)) : 0));
  }

  const F& f_;
  std::tuple<const X&...> x_;
};

}  // namespace duet::transform
