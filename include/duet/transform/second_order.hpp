// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/graph/order.hpp>
#include <duet/graph/second_order.hpp>
#include <duet/transform/taylor.hpp>

/// Second derivatives of functions with one scalar result, beyond the Hessian alone. Each policy takes the combination
/// of modes that is the cheapest for it (docs/second_order.md).
namespace duet {

namespace transform {

/// The second-order graphs of the recording `R` of a function with one result.
template <class R, graph::RuleSet Disabled>
struct SecondOrder {
  using Primal = graph::Frozen<R>;

  /// The value, the Hessian, the gradient. In two steps, since compilers bound what one constant may take.
  struct Eliminated {
    static constexpr int likely_size = 16 * Primal::extent.nodes + R::variables * R::variables;
    static constexpr graph::Graph make() { return graph::with_hessian(Primal::graph, R::variables, Disabled); }
  };
  struct All {
    using Unordered = graph::Frozen<Eliminated>;
    static constexpr int likely_size = Unordered::extent.nodes + Unordered::extent.outputs;
    static constexpr graph::Graph make() { return graph::arranged_in_order(graph::thaw(Unordered::graph), 1); }
  };
  struct Diagonal {
    static constexpr graph::Graph make() { return graph::with_hessian_diagonal(Primal::graph, R::variables, Disabled); }
  };
};

template <class Y>
constexpr bool one_result() {
  static_assert(!tree::is_container<Y>, "duet: second derivatives need a function with one scalar result");
  return true;
}

/// Stands for what `make()` returns where a pair or tuple is put together: the result is made in its place there. Large
/// ones would be copied otherwise, and such a copy has to wait for the stores of its parts.
template <class F>
struct InPlace {
  const F& make;
  [[gnu::always_inline]] constexpr operator std::invoke_result_t<const F&>() const { return make(); }
};

/// The value, the gradient and the Hessian.
struct ValueGradHessian {
  static constexpr bool knows_graphs = true;

  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_graph(const F& f, const X&... x) {
    const auto collect = [&](const auto& all, const auto& function) __attribute__((always_inline)) {
      using FlatF = std::remove_cvref_t<decltype(function)>;
      constexpr int n = FlatF::variables;
      using Value = std::remove_cvref_t<decltype(all.template get<0>())>;
      const auto row = tree::part<1 + n * n, n>(all);
      using Gradient = decltype(tree::build<typename FlatF::structure>(row, FlatF::inert_from(x...)));
      const auto hessian = [&all]() __attribute__((always_inline)) { return hessian_in<n>(all); };
      return std::tuple<Value, Gradient, decltype(hessian())>(
          all.template get<0>(), tree::build<typename FlatF::structure>(row, FlatF::inert_from(x...)),
          InPlace<decltype(hessian)>{hessian});
    };
    return run_graph<P, W>(collect, f, x...);
  }

  /// The Hessian alone.
  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto hessian_of_graph(const F& f, const X&... x) {
    return run_graph<P, W>(
        [](const auto& all, const auto& function) __attribute__((always_inline)) {
          return hessian_in<std::remove_cvref_t<decltype(function)>::variables>(all);
        },
        f, x...);
  }

  template <class P, class W, class F, class... X>
  static constexpr auto of_rows(const F& f, const X&... x) {
    const auto function = flat<W>(First<P, F, W>{f}, x...);
    using FlatG = std::remove_const_t<decltype(function)>;
    constexpr int n = FlatG::variables;
    return P::template jacobian<Mode::forward, false>(
        function, FlatG::variables_of(x...),
        FlatG::parameters_of(x...), [&](const auto& y, const auto& d) __attribute__((always_inline)) {
          auto hessian = tree::build<Shape<n>>(tree::part<n, n * n>(d));
          make_symmetric(hessian);
          return std::tuple(y.template get<0>(),
                            tree::build<typename FlatG::structure>(tree::part<1, n>(y), FlatG::inert_from(x...)),
                            hessian);
        });
  }

  /// On tapes the gradient is recorded on duals, several directions at once.
  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    const First<P, F, W> first{f};
    const auto at = call<P, W>(first, x...);
    using C = std::remove_const_t<decltype(at)>;
    auto [y, j] = ForwardStructures::jacobian<Mode::forward, false>(at);
    using S = std::remove_cvref_t<decltype(*j.data())>;
    const std::size_t n = j.cols();
    DynamicMatrix<S> hessian(n, n);
    for (std::size_t i = 0; i < n * n; ++i) hessian.data()[i] = std::move(j.data()[n + i]);
    make_symmetric(hessian);
    return std::tuple(std::move(y.first), std::move(y.second),
                      matrix_of<decltype(y.second), typename C::structure>(std::move(hessian)));
  }

 private:
  template <class P, class F, class W>
  using First = Transformed<Gradient<true>, P, F, W>;

  /// then(value, Hessian row by row and gradient as a row, the flat function).
  template <class P, class W, class Then, class F, class... X>
  [[gnu::always_inline]] static constexpr auto run_graph(const Then& then, const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    static_assert(of_numbers<FlatF>());
    static_assert(one_result<typename returned<P, FlatF>::type>());
    using R = typename P::template recording<FlatF>;
    return expr::run<typename SecondOrder<R, P::disabled>::All>(
        [&](const auto& all) __attribute__((always_inline)) { return then(all, function); }, FlatF::variables_of(x...),
        FlatF::parameters_of(x...), R::captured(function));
  }

  template <int N>
  [[gnu::always_inline]] static constexpr auto hessian_in(const auto& all) {
    return tree::build<Shape<N>>(tree::part<1, N * N>(all));
  }

  template <int N>
  using Shape = Matrix<double, static_cast<std::size_t>(N), static_cast<std::size_t>(N)>;

  static constexpr void make_symmetric(auto& m) {
    for (std::size_t i = 0; i < m.rows(); ++i) {
      for (std::size_t j = 0; j < i; ++j) m(j, i) = m(i, j);
    }
  }
};

/// The Hessian alone.
struct Hessian : Composed<Jacobian<Mode::automatic, true, false>, Gradient<false>> {
  static constexpr bool knows_graphs = true;

  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_graph(const F& f, const X&... x) {
    return ValueGradHessian::hessian_of_graph<P, W>(f, x...);
  }
};

/// The diagonal of the Hessian.
struct HessianDiagonal {
  static constexpr bool knows_graphs = true;

  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_graph(const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    static_assert(one_result<typename returned<P, FlatF>::type>());
    using R = typename P::template recording<FlatF>;
    return expr::run<typename SecondOrder<R, P::disabled>::Diagonal>(
        [&](const auto& all) __attribute__((always_inline)) {
          return tree::build<typename FlatF::structure>(all, FlatF::inert_from(x...));
        },
        FlatF::variables_of(x...), FlatF::parameters_of(x...), R::captured(function));
  }

  /// A series of order 2 for each variable: its last coefficient is half the second derivative.
  template <class P, class W, class F, class... X>
  static constexpr auto of_rows(const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    const auto v = FlatF::variables_of(x...);
    using T = typename decltype(v)::number;
    using S = Series<T, 2, Path<FlatF>>;
    constexpr int n = FlatF::variables;
    const auto second = [&](int which) {
      std::array<S, static_cast<std::size_t>(n)> line;
      tree::for_each_index<n>([&](auto k) {
        line[static_cast<std::size_t>(k)] = S::variable(T(v.template get<k>()), T(k == which ? 1 : 0));
      });
      const auto y = function.call(tree::Leaves<S, n>{line.data()}, FlatF::parameters_of(x...));
      static_assert(one_result<std::remove_const_t<decltype(y)>>());
      return 2 * level::coefficient<S>(y, 2);
    };
    using D = decltype(second(0));
    std::array<D, static_cast<std::size_t>(n)> diagonal{};
    for (int k = 0; k < n; ++k) diagonal[static_cast<std::size_t>(k)] = second(k);
    return tree::build<typename FlatF::structure>(tree::Leaves<D, n>{diagonal.data()}, FlatF::inert_from(x...));
  }

  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    const auto at = call<P, W>(f, x...);
    using C = std::remove_const_t<decltype(at)>;
    using T = typename C::number;
    using S = Series<T, 2, Path<C>>;
    const auto second = [&](std::size_t which) {
      std::size_t k = 0;
      const auto y =
          at.template with<S>([&](const auto& leaf) { return S::variable(T(leaf), T(k++ == which ? 1 : 0)); });
      using Y = std::remove_const_t<decltype(y)>;
      static_assert(one_result<Y>());
      using Kept = typename op::kept<Y>::type;
      return 2 * level::coefficient<S>(Kept(y), 2);
    };
    using D = typename op::kept<decltype(second(0))>::type;
    std::size_t k = 0;
    return at.template structure_of<D>([&](const auto&) { return D(second(k++)); });
  }
};

}  // namespace transform

/// The function x... -> Hessian of the scalar function `f` at x..., a symmetric `Matrix`. On the static tape only one
/// triangle is computed, by elimination on a symmetric graph.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto hessian(const F& f, W w = {}) {
  return transform::transformed<transform::Hessian, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto hessian(const A&... a) {
  return hessian<P<double>>(a...);
}

/// The function x... -> std::tuple{value, gradient, Hessian} of the scalar function `f`, all of it from one recording
/// or sweep; shapes as for `value_and_grad` and `hessian`.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto value_grad_hessian(const F& f, W w = {}) {
  return transform::transformed<transform::ValueGradHessian, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto value_grad_hessian(const A&... a) {
  return value_grad_hessian<P<double>>(a...);
}

/// The function x... -> diagonal of the Hessian of the scalar function `f`, in the structure of the input; for several
/// arguments a tuple.
///
/// Cost: on the static tape the operations of these elements alone; else one run of `f` on series of order 2, about
/// five times its cost, for each variable.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto hessian_diagonal(const F& f, W w = {}) {
  return transform::transformed<transform::HessianDiagonal, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto hessian_diagonal(const A&... a) {
  return hessian_diagonal<P<double>>(a...);
}

/// J' J tangents, where J is the Jacobian of the residuals `r`: the Hessian of |r|^2 / 2 times a direction, but for the
/// terms with second derivatives of r (Gauss, Newton). In the structure of the primals; J is never formed.
/// Cost: a tangent and a cotangent sweep; on the static tape one graph, whose partial derivatives serve both.
template <engine E = BySize, class F, class X, class V>
constexpr auto gauss_newton_product(const F& r, const X& primals, const V& tangents) {
  const auto& x = transform::arguments(primals);
  using Here = transform::At<E, F, X>;
  using P = typename Here::policy;
  if constexpr (!Here::by_structure && transform::by_graph<P>) {
    static_assert(transform::tangents_fit<X, V>());
    const auto function = transform::flat_at(r, x);
    using R = typename P::template recording<std::remove_const_t<decltype(function)>>;
    struct Maker {
      static constexpr graph::Graph make() {
        return graph::with_gauss_newton_product(graph::Frozen<R>::graph, R::variables, P::disabled);
      }
    };
    return expr::run<Maker>(
        [&](const auto& all) __attribute__((always_inline)) { return tree::build<X>(all, primals); },
        transform::row_of(primals), R::captured(function), transform::row_of(tangents));
  } else {
    return transform::pull<E>(r, primals, transform::push<Forward>(r, primals, tangents).second).second;
  }
}

/// J' H J tangents, where J is the Jacobian of `model` and H the Hessian of the scalar function `loss` at the model's
/// result: the generalised Gauss-Newton product (Schraudolph, Fast curvature matrix-vector products, 2002), positive
/// semidefinite where the loss is convex. Weights and robust losses are losses.
template <engine E = BySize, class Loss, class F, class X, class V>
constexpr auto gauss_newton_product(const Loss& loss, const F& model, const X& primals, const V& tangents) {
  const auto [y, t] = transform::push<Forward>(model, primals, tangents);
  return transform::pull<E>(model, primals, hvp<E>(loss, y, t)).second;
}

template <template <class> class P, class... A>
constexpr auto gauss_newton_product(const A&... a) {
  return gauss_newton_product<P<double>>(a...);
}

}  // namespace duet
