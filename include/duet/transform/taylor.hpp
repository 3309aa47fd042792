// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/series/engine.hpp>
#include <duet/transform/product.hpp>

/// Taylor coefficients along a line.
namespace duet {

namespace transform {

/// The level of a path along which `F` is called.
template <class F>
struct Path;

/// The results of a function of series taken apart: `coefficients(k)` of them all, in their structure.
template <class S, class Result>
class Coefficients {
  static auto common(const auto&... leaf) -> std::common_type_t<decltype(level::coefficient<S>(leaf, 0))...>;
  template <class... Leaf>
  static auto of_leaves(const std::tuple<Leaf...>&) -> decltype(common(std::declval<const Leaf&>()...));

 public:
  static constexpr auto at(const Result& result, int k) {
    using T = decltype(of_leaves(tree::leaf_tuple(result)));
    std::array<T, static_cast<std::size_t>(tree::leaves<Result>)> row{};
    std::size_t i = 0;
    tree::for_each_leaf(result, [&](const auto& leaf) { row[i++] = T(level::coefficient<S>(leaf, k)); });
    return tree::build<Result>(tree::Leaves<T, tree::leaves<Result>>{row.data()}, result);
  }
};

/// of(0), of(1), ..., of(K)
template <int K>
constexpr auto each_order(const auto& of) {
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return std::array<std::remove_cvref_t<decltype(of(0))>, sizeof...(I)>{of(I)...};
  }
  (std::make_integer_sequence<int, K + 1>{});
}

/// The path of inputs: their values, the directions in which they move, and numbers that stay.
template <class X, class V, class P>
struct Line {
  const X& x;
  const V& v;
  const P& fixed;

  template <int I>
  [[gnu::always_inline]] constexpr decltype(auto) get(int k) const {
    using T = std::remove_cvref_t<decltype(x.template get < I < X::size ? I : 0 > ())>;
    if constexpr (I >= X::size) {
      return fixed.template get<I - X::size>();
    } else {
      return k == 0 ? T(x.template get<I>()) : k == 1 ? T(v.template get<I>()) : T(0);
    }
  }
};

/// The graph of flat function `F`, whose variables move along a path.
template <class R>
struct AlongPath : R {
  static constexpr bool moves(int input) { return input < R::variables; }
};

/// The coefficients by engines of structures: numbers of a path in place of the variables.
template <int K, class C, class V>
auto taylor_of_structures(const C& call, const V& v) {
  using S = Series<std::common_type_t<typename C::number, typename tree::common_leaf<V>::type>, K, Path<C>>;
  using T = typename S::scalar;
  const std::vector<T> along = tree::leaves_as<T>(v);
  std::size_t i = 0;
  const auto result = call.template with<S>([&](const auto& leaf) { return S::variable(T(leaf), along[i++]); });
  using Leaf = typename op::kept<typename tree::common_leaf<std::remove_const_t<decltype(result)>>::type>::type;
  return each_order<K>([&](int k) {
    using C0 = decltype(level::coefficient<S>(std::declval<const Leaf&>(), 0));
    return tree::map_leaves<C0>(result, [k](const auto& leaf) { return C0(level::coefficient<S>(Leaf(leaf), k)); });
  });
}

/// The coefficients by series as numbers.
template <int K, class F, class X, class V>
constexpr auto taylor_by_numbers(const F& f, const X& x, const V& v) {
  using T = std::common_type_t<typename X::number, typename V::number>;
  using S = Series<T, K, Path<F>>;
  std::array<S, static_cast<std::size_t>(X::size)> line;
  tree::for_each_index<X::size>(
      [&](auto k) { line[static_cast<std::size_t>(k)] = S::variable(T(x.template get<k>()), T(v.template get<k>())); });
  const auto result = f.call(tree::Leaves<S, X::size>{line.data()}, None{});
  using Result = std::remove_const_t<decltype(result)>;
  return each_order<K>([&](int k) { return Coefficients<S, Result>::at(result, k); });
}

/// The coefficients by the graph of the function, order by order for the function as a whole.
template <int K, class R, class Value, class F, class X, class V>
constexpr auto taylor_by_graph(const F& f, const X& x, const V& v) {
  const auto captured = R::captured(f);
  using T = typename expr::number_of<X, V, std::remove_const_t<decltype(captured)>>::type;
  using System = graph::System<AlongPath<R>, K>;
  const series::Run<System, T> run(Line<X, V, std::remove_const_t<decltype(captured)>>{x, v, captured});
  return each_order<K>([&](int k) {
    T row[static_cast<std::size_t>(System::outputs)];
    tree::for_each_index<System::outputs>([&](auto i) { row[i] = run.template output<i>(k); });
    return tree::build<Value>(tree::Leaves<T, System::outputs>{row});
  });
}

}  // namespace transform

/// The Taylor coefficients of t -> f(primals + t tangents) at t = 0 up to order `K`, as an array: coefficient 0 is the
/// value, coefficient 1 the tangent that `jvp` gives, coefficient k the k-th derivative along the line divided by k!;
/// each has the structure of the function's result.
///
/// Cost: about K^2 / 2 times that of `f`, in one run of it, by the arithmetic of power series (Griewank and Walther,
/// Evaluating Derivatives, chapter 13); nested derivatives would take about 2^K. `StaticTape` works out the function's
/// graph as a whole, in which sines and cosines of the same number are found once.
template <int K, engine E = Forward, class F, class X, class V>
constexpr auto taylor(const F& f, const X& primals, const V& tangents) {
  static_assert(K >= 0, "duet: the order of a Taylor polynomial can't be negative");
  static_assert(transform::tangents_fit<X, V>());
  static_assert(!tape::has_expression<X> && !tape::has_expression<V>,
                "duet: inside a callable with captured state on the static tape there are no series of expressions; "
                "make that callable stateless, or take Forward for the outer derivative too");
  const auto& x = transform::arguments(primals);
  using Here = transform::At<E, F, X>;
  using P = typename Here::policy;
  if constexpr (Here::by_structure) {
    transform::require_fitting_tangents(primals, tangents);
    return transform::taylor_of_structures<K>(transform::call_at<P>(f, x), tangents);
  } else {
    const auto function = transform::flat_at(f, x);
    using FlatF = std::remove_const_t<decltype(function)>;
    const auto at = transform::row_of(primals);
    const auto along = transform::row_of(tangents);
    if constexpr (transform::by_graph<P>) {
      using Value = typename transform::returned<P, FlatF>::type;
      return transform::taylor_by_graph<K, typename P::template recording<FlatF>, Value>(function, at, along);
    } else {
      return transform::taylor_by_numbers<K>(function, at, along);
    }
  }
}
template <int K, template <class> class P, class... A>
constexpr auto taylor(const A&... a) {
  return taylor<K, P<double>>(a...);
}

}  // namespace duet
