// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/taylor.hpp>

/// Derivatives of any order of functions of one scalar.
namespace duet {

namespace transform {

template <class X>
constexpr bool of_one_scalar() {
  static_assert(!tree::is_container<X>, "duet: derivative needs a function of one scalar; use grad or jacobian");
  return true;
}

/// The first derivative of a function of one scalar.
struct Slope {
  template <class P, class W, class F, class X>
  [[gnu::always_inline]] static constexpr auto of_rows(const F& f, const X& x) {
    const auto function = flat<W>(f, x);
    using FlatF = std::remove_const_t<decltype(function)>;
    using Value = typename returned<P, FlatF>::type;
    return P::template jacobian<Mode::forward, false>(function, FlatF::variables_of(x), FlatF::parameters_of(x),
                                                      Collect<Value, Value, false>{});
  }

  template <class P, class W, class F, class X>
  static auto of_structures(const F& f, const X& x) {
    const auto at = call<P, W>(f, x);
    return structure_engine<P>::type::tangents(at, typename decltype(at)::number(1)).second;
  }
};

template <engine E, class F>
struct FirstSlope {
  using function = F;
  [[no_unique_address]] F f;

  template <class X>
  [[gnu::always_inline]] constexpr auto operator()(const X& x) const {
    static_assert(of_one_scalar<X>());
    return Transformed<Slope, E, F, Wrt<>>{f}(x);
  }
};

template <engine E, int K, class F>
constexpr auto slope(const F& f) {
  if constexpr (K == 0) {
    return f;
  } else {
    const auto lower = slope<E, K - 1>(f);
    return FirstSlope<E, std::remove_const_t<decltype(lower)>>{lower};
  }
}

/// From this order on policies that carry numbers along carry series instead of nested duals, which take twice the time
/// and many times the compile time with every order.
inline constexpr int least_order_of_series = 3;

/// The `K`-th derivative of a function of one scalar, for a high `K`: by nested graphs, or by series.
template <engine E, int K, class F>
struct HighSlope {
  using function = F;
  [[no_unique_address]] F f;

  template <class X>
  constexpr auto operator()(const X& x) const {
    static_assert(of_one_scalar<X>());
    using P = policy<E, Wrt<>, X>;
    if constexpr (by_graph<P>) {
      return slope<P, K>(f)(x);
    } else {
      const auto last = std::get<static_cast<std::size_t>(K)>(taylor<K, P>(f, x, X(1)));
      using S = typename tree::common_leaf<std::remove_const_t<decltype(last)>>::type;
      double factorial = 1;
      for (int k = 2; k <= K; ++k) factorial *= k;
      return tree::map_leaves<S>(last, [&](const auto& leaf) { return S(leaf * op::like(leaf, factorial)); });
    }
  }
};

}  // namespace transform

/// The function x -> `K`-th derivative of `f` at x, for a function of one scalar; the result has the structure of f(x).
/// `StaticTape` differentiates the function's graph K times; the other policies carry duals, and from the third order
/// on series (`taylor`), at a cost that grows with K^2.
template <int K = 1, engine E = BySize, class F>
constexpr auto derivative(const F& f) {
  static_assert(K >= 0, "duet: the order of a derivative can't be negative");
  if constexpr (K < transform::least_order_of_series) {
    return transform::slope<E, K>(f);
  } else {
    return transform::HighSlope<E, K, F>{f};
  }
}
template <int K, template <class> class P, class F>
constexpr auto derivative(const F& f) {
  return derivative<K, P<double>>(f);
}

}  // namespace duet
