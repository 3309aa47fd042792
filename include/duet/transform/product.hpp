// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/jacobian.hpp>

/// Products with Jacobians and Hessians, without the matrices. The point (`primals`) is one value for a function of one
/// argument, else a tuple; a direction has the structure of the point.
namespace duet {

namespace transform {

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;

/// The primals as a tuple of arguments, none of which is copied.
template <class X>
[[gnu::always_inline]] constexpr decltype(auto) arguments(const X& primals) {
  if constexpr (is_tuple<X>) {
    return (primals);
  } else {
    return std::tuple<const X&>(primals);
  }
}

/// `F` as a flat function of arguments in a tuple.
template <class F, class... X>
[[gnu::always_inline]] constexpr auto flat_at(const F& f, const std::tuple<X...>& x) {
  return std::apply([&](const auto&... argument) { return flat<Wrt<>>(f, argument...); }, x);
}

/// The same for engines of structures.
template <class P, class F, class... X>
auto call_at(const F& f, const std::tuple<X...>& x) {
  return std::apply([&](const auto&... argument) { return call<P, Wrt<>>(f, argument...); }, x);
}

/// The policy `E` at a point, and whether it has an engine of structures for `F` there.
template <class E, class F, class X>
struct At : At<E, F, std::tuple<X>> {};
template <class E, class F, class... X>
struct At<E, F, std::tuple<X...>> {
  using policy = transform::policy<E, Wrt<>, X...>;
  static constexpr bool by_structure = transform::by_structure<policy, F, Wrt<>, X...>();
};

template <class Here>
constexpr bool multiplies_hessians() {
  if constexpr (Here::by_structure) {
    return structure_engine<typename Here::policy>::type::multiplies_hessians;
  } else {
    return false;
  }
}

/// The leaves of `x` as a row.
template <class X>
[[gnu::always_inline]] constexpr auto row_of(const X& x) {
  using Number =
      typename std::conditional_t<tape::has_expression<X>, std::type_identity<void>, tree::common_leaf<X>>::type;
  return tree::Structures<Number, X>{std::tuple<const X&>(x)};
}

/// No parameters: products are taken with respect to all arguments.
using None = tree::MixedLeaves<>;

/// `f`'s value and tangent at `primals` along `tangents`.
template <engine E, class F, class X, class V>
[[gnu::always_inline]] constexpr auto push(const F& f, const X& primals, const V& tangents) {
  static_assert(tangents_fit<X, V>());
  const auto& x = arguments(primals);
  using Here = At<E, F, X>;
  using P = typename Here::policy;
  if constexpr (Here::by_structure) {
    require_fitting_tangents(primals, tangents);
    return structure_engine<P>::type::tangents(call_at<P>(f, x), tangents);
  } else {
    const auto function = flat_at(f, x);
    using FlatF = std::remove_const_t<decltype(function)>;
    using Value = typename returned<P, FlatF>::type;
    return P::tangents(function, row_of(primals), row_of(tangents), None{}, Collect<Value, Value, true>{});
  }
}

/// `f`'s value at `primals` and the cotangents of these for `cotangents` of the results.
template <engine E, class F, class X, class W>
[[gnu::always_inline]] constexpr auto pull(const F& f, const X& primals, const W& cotangents) {
  const auto& x = arguments(primals);
  using Here = At<E, F, X>;
  using P = typename Here::policy;
  if constexpr (Here::by_structure) {
    auto [value, pullback] = structure_engine<P>::type::pullback(call_at<P>(f, x));
    return std::pair(std::move(value), pullback(cotangents));
  } else {
    const auto function = flat_at(f, x);
    using FlatF = std::remove_const_t<decltype(function)>;
    using Value = typename returned<P, FlatF>::type;
    static_assert(cotangents_fit<Value, W>());
    return P::cotangents(function, row_of(primals), row_of(cotangents), None{}, collect<Value, X, true>(primals));
  }
}

/// Tangents at a fixed point.
template <engine E, class F, class X>
struct Pushforward {
  [[no_unique_address]] F f;
  X primals;

  template <class V>
  constexpr auto operator()(const V& tangents) const {
    return push<E>(f, primals, tangents).second;
  }
};

/// Cotangents at a fixed point.
template <engine E, class F, class X>
struct Pullback {
  [[no_unique_address]] F f;
  X primals;

  template <class W>
  constexpr auto operator()(const W& cotangents) const {
    return pull<E>(f, primals, cotangents).second;
  }
};

template <class F, class X>
[[gnu::always_inline]] constexpr auto value_at(const F& f, const X& primals) {
  return settled(std::apply(f, arguments(primals)));
}

}  // namespace transform

/// std::pair{f(primals), J tangents}: the derivative along a direction, in one forward sweep.
template <engine E = Forward, class F, class X, class V>
constexpr auto jvp(const F& f, const X& primals, const V& tangents) {
  return transform::push<E>(f, primals, tangents);
}
template <template <class> class P, class... A>
constexpr auto jvp(const A&... a) {
  return jvp<P<double>>(a...);
}

/// std::pair{f(primals), pushforward}, where pushforward(tangents) is the derivative along tangents. It may be called
/// many times; each call is one forward sweep.
template <engine E = BySize, class F, class X>
constexpr auto linearize(const F& f, const X& primals) {
  return std::pair(transform::value_at(f, primals), transform::Pushforward<E, F, X>{f, primals});
}
template <template <class> class P, class... A>
constexpr auto linearize(const A&... a) {
  return linearize<P<double>>(a...);
}

/// std::pair{f(primals), pullback}, where pullback(cotangents) are the cotangents of the primals, in their structure.
/// It may be called many times; each call is one reverse sweep.
template <engine E = BySize, class F, class X>
constexpr auto vjp(const F& f, const X& primals) {
  const auto& x = transform::arguments(primals);
  using Here = transform::At<E, F, X>;
  if constexpr (Here::by_structure) {
    using P = typename Here::policy;
    return transform::structure_engine<P>::type::pullback(transform::call_at<P>(f, x));
  } else {
    return std::pair(transform::value_at(f, primals), transform::Pullback<E, F, X>{f, primals});
  }
}
template <template <class> class P, class... A>
constexpr auto vjp(const A&... a) {
  return vjp<P<double>>(a...);
}

/// H tangents, the Hessian of the scalar function `f` times a direction, in the structure of the primals: the
/// directional derivative of the gradient, at a small multiple of the cost of `f`.
template <engine E = BySize, class F, class X, class V>
constexpr auto hvp(const F& f, const X& primals, const V& tangents) {
  static_assert(transform::tangents_fit<X, V>());
  using Here = transform::At<E, F, X>;
  if constexpr (transform::multiplies_hessians<Here>()) {
    using P = typename Here::policy;
    transform::require_fitting_tangents(primals, tangents);
    return std::apply(
        [&](const auto&... x) {
          const auto at = transform::scalar_call<P, Wrt<>>(f, x...);
          return transform::structure_engine<P>::type::hessian_product(at, tangents);
        },
        transform::arguments(primals));
  } else {
    return transform::push<E>(grad<E>(f), primals, tangents).second;
  }
}
template <template <class> class P, class... A>
constexpr auto hvp(const A&... a) {
  return hvp<P<double>>(a...);
}

/// cotangents' H, in the structure of the primals. Equal to `hvp` since Hessians are symmetric; on the static tape by
/// two reverse sweeps, at run time as `hvp`, since a tape on a tape takes many times as long.
template <engine E = BySize, class F, class X, class W>
constexpr auto vhp(const F& f, const X& primals, const W& cotangents) {
  using Here = transform::At<E, F, X>;
  if constexpr (Here::by_structure) {
    static_assert(transform::cotangents_fit<X, W>());
    return hvp<E>(f, primals, cotangents);
  } else {
    return transform::pull<E>(grad<E>(f), primals, cotangents).second;
  }
}
template <template <class> class P, class... A>
constexpr auto vhp(const A&... a) {
  return vhp<P<double>>(a...);
}

}  // namespace duet
