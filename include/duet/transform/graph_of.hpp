// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/cost.hpp>
#include <duet/transform/jacobian.hpp>

/// The compile-time graph of a function, and what it costs.
namespace duet {

namespace transform {

template <class F, class... Args>
struct Recorded {
  using type = graph::Frozen<tape::recording<tape::Flat<F, Wrt<>, Args...>, 0>>;
};

/// The number of scalar arguments of `F`; a transform's function has those of the function that it transforms.
template <class F, class... T>
constexpr int scalar_arguments() {
  static_assert(sizeof...(T) < 32, "duet: name the argument types, as in cost<F, double, std::array<double, 3>>");
  if constexpr (requires { typename F::function; }) {
    return scalar_arguments<typename F::function, T...>();
  } else if constexpr (std::invocable<const F&, T...>) {
    return static_cast<int>(sizeof...(T));
  } else {
    return scalar_arguments<F, T..., double>();
  }
}

template <class F, class = std::make_index_sequence<static_cast<std::size_t>(scalar_arguments<F, double>())>>
struct OfScalars;
template <class F, std::size_t... I>
struct OfScalars<F, std::index_sequence<I...>> {
  template <std::size_t>
  struct Scalar : std::type_identity<double> {};  // no alias: nvcc would lose the pack
  using type = typename Recorded<F, typename Scalar<I>::type...>::type;
};

template <class F>
struct Recorded<F> : OfScalars<F> {};

}  // namespace transform

/// The graph of `F` called with `Args...` (with scalars, if no arguments are named), simplified, as a constant.
template <class F, class... Args>
inline constexpr const auto& graph_of = transform::Recorded<std::remove_cvref_t<F>, Args...>::type::graph;

/// The operations of `F` called with `Args...`, counted by kind, so that
/// `static_assert(cost<decltype(grad(f))> <= 4 * cost<decltype(f)>)` can be written.
template <class F, class... Args>
inline constexpr graph::Cost cost = graph::count(graph_of<F, Args...>);

}  // namespace duet
