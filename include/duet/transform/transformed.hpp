// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/tape_structures.hpp>

/// What the functions that transforms make have in common: the choice among the ways to differentiate.
namespace duet::transform {

/// Whether policy `E` has the graph of a function, which some transforms differentiate as a whole.
template <class E>
inline constexpr bool by_graph = false;
template <graph::RuleSet Disabled>
inline constexpr bool by_graph<StaticTapeWith<Disabled>> = true;

/// What differentiates functions of arrays that have an engine of their own, as tensors do; `void` if none of the
/// arguments is one. Where there is an engine, it has `gradient<W, WithValue>(f, x...)`.
template <class... X>
struct array_engine : std::type_identity<void> {};

template <class T>
concept knows_arrays = T::knows_arrays;
template <class T>
concept knows_graphs = T::knows_graphs;
template <class T>
concept knows_plans = T::knows_plans;

/// The function that transform `T` makes of `F`, differentiated by policy `E` with respect to `W`. `T` has, for the
/// policy `P` at arguments x...,
/// - `of_structures<P, W>(f, x...)`, what it gives by the policy's engine of structures (structures.hpp),
/// - `of_rows<P, W>(f, x...)`, what it gives by its engine of rows (engine.hpp),
/// - `of_graph<P, W>(f, x...)` in place of the latter, if it `knows_graphs` and the policy has one,
/// - `of_arrays<A, W>(f, x...)`, what it gives by the engine `A` of arrays, if it `knows_arrays`,
/// - `plan<P, W>(f, x...)`, what can be found once for many points, if it `knows_plans`.
template <class T, engine E, class F, class W>
struct Transformed {
  using function = F;
  [[no_unique_address]] F f;

  template <class... X>
  [[gnu::always_inline]] constexpr auto operator()(const X&... x) const {
    using Arrays = typename array_engine<X...>::type;
    if constexpr (!std::is_void_v<Arrays>) {
      static_assert(
          knows_arrays<T>,
          "duet: of the transforms grad and value_and_grad take tensors; others are in duet::autograd::functional");
      return T::template of_arrays<Arrays, W>(f, x...);
    } else {
      return of_numbers<policy<E, W, X...>>(x...);
    }
  }

  template <class... X>
  requires knows_plans<T>
  auto plan(const X&... x) const { return T::template plan<policy<E, W, X...>, W>(f, x...); }

 private:
  template <class P, class... X>
  [[gnu::always_inline]] constexpr auto of_numbers(const X&... x) const {
    if constexpr (by_structure<P, F, W, X...>()) {
      return T::template of_structures<P, W>(f, x...);
    } else if constexpr (knows_graphs<T> && by_graph<P>) {
      return T::template of_graph<P, W>(f, x...);
    } else {
      return T::template of_rows<P, W>(f, x...);
    }
  }
};

/// The transform `Outer` of what `Inner` makes of a function.
template <class Outer, class Inner>
struct Composed {
  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    return outer<P, W>(f)(x...);
  }
  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_rows(const F& f, const X&... x) {
    return outer<P, W>(f)(x...);
  }

 protected:
  template <class P, class W, class F>
  [[gnu::always_inline]] static constexpr auto outer(const F& f) {
    using G = Transformed<Inner, P, F, W>;
    return Transformed<Outer, P, G, W>{G{f}};
  }
};

}  // namespace duet::transform
