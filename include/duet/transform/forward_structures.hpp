// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/forward.hpp>
#include <duet/transform/structures.hpp>

/// Forward mode on structures whose size is only known at run time.
namespace duet::transform {

struct ForwardStructures {
  static constexpr bool multiplies_hessians = false;

  template <class...>
  static constexpr bool check() {
    return true;
  }

  template <class C, int N = 1>
  using dual = Dual<typename C::number, N, C>;
  template <class C, class D = dual<C>>
  using result = decltype(std::declval<const C&>().template with<D>(std::declval<D (*)(const D&)>()));

  /// The value and the Jacobian; reverse transforms are answered from it.
  template <Mode, bool Symmetric, class C>
  static auto jacobian(const C& call) {
    using T = typename C::number;
    using D = dual<C, directions<C>()>;
    using S = primal_of<C, D>;
    const std::size_t n = call.size();
    DynamicMatrix<S> j;
    auto evaluate = [&](std::size_t first) {
      std::size_t k = 0;
      auto result = call.template with<D>([&](const auto& leaf) {
        const std::size_t direction = k++ - first;
        return direction < D::directions ? D::variable(T(leaf), static_cast<int>(direction)) : D(T(leaf));
      });
      if (first == 0) j = DynamicMatrix<S>(tree::count_leaves(result), n);
      std::size_t row = 0;
      tree::for_each_leaf(result, [&](const auto& leaf) {
        for (std::size_t i = 0; i < D::directions && first + i < n; ++i) {
          j(row, first + i) = S(level::tangent<D>(kept(leaf), static_cast<int>(i)));
        }
        ++row;
      });
      return tree::map_leaves<S>(result, [](const auto& leaf) { return S(level::primal<D>(kept(leaf))); });
    };
    auto value = evaluate(0);
    for (std::size_t first = D::directions; first < n; first += D::directions) evaluate(first);
    if constexpr (Symmetric) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) j(k, i) = j(i, k);
      }
    }
    return std::pair(std::move(value), std::move(j));
  }

  template <class C, class V>
  static auto tangents(const C& call, const V& t) {
    using D = Dual<std::common_type_t<typename C::number, typename tree::common_leaf<V>::type>, 1, C>;
    using T = typename D::scalar;
    using S = primal_of<C, D>;
    const std::vector<T> along = tree::leaves_as<T>(t);
    std::size_t k = 0;
    const auto result = call.template with<D>([&](const auto& leaf) { return D(T(leaf), along[k++]); });
    return std::pair(tree::map_leaves<S>(result, [](const auto& leaf) { return S(level::primal<D>(kept(leaf))); }),
                     tree::map_leaves<S>(result, [](const auto& leaf) { return S(level::tangent<D>(kept(leaf), 0)); }));
  }

  template <class C>
  static auto gradient(const C& call) {
    auto [value, j] = jacobian<Mode::forward, false>(call);
    using S = decltype(value);
    std::size_t k = 0;
    return std::pair(std::move(value), call.template structure_of<S>([&](const auto&) { return j.data()[k++]; }));
  }

  template <class C>
  static auto pullback(const C& call) {
    auto [value, j] = jacobian<Mode::forward, false>(call);
    using S = std::remove_cvref_t<decltype(*j.data())>;
    auto point = call.template structure_of<S>([](const auto& leaf) { return S(leaf); });
    using Back = Pullback<decltype(value), decltype(point), S>;
    return std::pair(value, Back{value, std::move(point), std::move(j)});
  }

 private:
  /// Cotangents from a stored Jacobian.
  template <class Y, class X, class S>
  struct Pullback {
    Y value;
    X point;
    DynamicMatrix<S> j;

    template <class W>
    auto operator()(const W& w) const {
      static_assert(cotangents_fit<Y, W>());
      require_fitting_cotangents(value, w);
      using T = std::common_type_t<S, typename tree::common_leaf<W>::type>;
      std::vector<T> sum(j.cols(), T(0));
      std::size_t i = 0;
      tree::for_each_leaf(w, [&](const auto& weight) {
        using op::is_zero;
        if (!is_zero(weight)) {
          for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = sum[k] + T(weight) * j(i, k);
        }
        ++i;
      });
      std::size_t k = 0;
      return tree::map_leaves<T>(point, [&](const auto&) { return sum[k++]; });
    }
  };

  /// The directions that are carried at once. Half of `Forward::width`: on tapes, which copy numbers, that is faster.
  template <class C>
  static constexpr int directions() {
    constexpr int width = Forward::width / 2;
    using X = typename C::structure;
    if constexpr (tree::run_time_sized<X>) {
      return width;
    } else {
      return tree::leaves<X> < width ? tree::leaves<X> : width;
    }
  }

  template <class X>
  static auto kept(const X& x) -> typename op::kept<X>::type {
    return x;
  }

  template <class C, class D>
  using primal_of = decltype(level::primal<D>(
      std::declval<const typename op::kept<typename tree::common_leaf<result<C, D>>::type>::type&>()));
};

template <>
struct structure_engine<Forward> {
  using type = ForwardStructures;
  static constexpr bool always = false;
};

}  // namespace duet::transform
