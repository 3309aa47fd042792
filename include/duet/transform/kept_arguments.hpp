// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/call.hpp>

/// Arguments made of active numbers that are used again: memory for large arrays is dear, new memory even more.
namespace duet::transform {

/// Arguments like `X...` with an `S` in place of each leaf of those that `W` selects; the others are the caller's.
template <class S, class W, class... X>
class KeptArguments {
  using Selected = tape::Selection<W>;
  using Indices = std::make_integer_sequence<int, static_cast<int>(sizeof...(X))>;

  /// What is kept of an argument.
  struct Nothing {};
  template <int K, class A>
  using kept = std::conditional_t<Selected::has(K), tree::rebind<A, S>, Nothing>;
  template <class>
  struct All;
  template <int... K>
  struct All<std::integer_sequence<int, K...>> {
    using type = std::tuple<kept<K, X>...>;
  };

 public:
  /// Sets the leaves to make(k, leaf), where k numbers them; those of an array that was there before, by
  /// change(own leaf, k, leaf).
  void set(const auto& make, const auto& change, const X&... x) {
    std::size_t k = 0;
    each([&](auto& own, const auto& argument) { set(own, argument, k, make, change); }, Indices{}, x...);
  }

  /// `f` of these and, where `W` does not select them, of the arguments `x...`.
  template <class F>
  auto call(const F& f, const X&... x) const {
    return call(f, Indices{}, x...);
  }

 private:
  template <int... K>
  void each(const auto& f, std::integer_sequence<int, K...>, const X&... x) {
    const auto one = [&]<int I>(std::integral_constant<int, I>, const auto& argument) {
      if constexpr (Selected::has(I)) f(std::get<static_cast<std::size_t>(I)>(all_), argument);
    };
    (one(std::integral_constant<int, K>{}, x), ...);
  }

  template <class Own, class A>
  static void set(Own& own, const A& argument, std::size_t& k, const auto& make, const auto& change) {
    using T = std::remove_cvref_t<typename S::scalar>;
    if constexpr (tree::kind<A> == tree::Kind::sequence) {
      if constexpr (!tree::is_container<typename tree::Structure<A>::element>) {
        if (tree::same_shape(own, argument)) {
          auto to = tree::Structure<Own>::first(own);
          auto from = tree::Structure<A>::first(argument);
          for (auto i = argument.size(); i > 0; --i) change(*to++, k++, static_cast<T>(*from++));
          return;
        }
      }
    }
    own = tree::map_leaves<S>(argument, [&](const auto& leaf) { return make(k++, static_cast<T>(leaf)); });
  }

  template <class F, int... K>
  auto call(const F& f, std::integer_sequence<int, K...>, const X&... x) const {
    return tape::call_with(f, argument<K>(x)...);
  }
  template <int K, class A>
  const auto& argument(const A& x) const {
    if constexpr (Selected::has(K)) {
      return std::get<static_cast<std::size_t>(K)>(all_);
    } else {
      return x;
    }
  }

  typename All<Indices>::type all_;
};

}  // namespace duet::transform
