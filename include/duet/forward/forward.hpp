// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/dual.hpp>
#include <duet/op/mode.hpp>
#include <duet/tree/row.hpp>

/// The policy of forward mode.
namespace duet {

/// Differentiates with duals: branches, loops and captured state are all fine. A Jacobian takes one evaluation for
/// every `width` inputs; reverse transforms are answered from the Jacobian.
struct Forward {
  static constexpr bool is_engine = true;

  /// The greatest number of directions that are carried at once.
  static constexpr int width = 16;

 private:
  template <class Row>
  struct number_of {
    using type = typename Row::number;
    static_assert(
        !std::is_void_v<type>,
        "duet: Forward can't differentiate at an expression, as it would be inside a callable with captured "
        "state on the static tape; use Forward for the outer derivative too, or make that callable stateless");
  };
  template <class... Rows>
  using leaf_number = std::common_type_t<typename number_of<Rows>::type...>;

  template <class T>
  static constexpr bool is_nothing(const T& x) {
    using op::is_zero;
    if constexpr (batch<T>) {
      return false;
    } else {
      return is_zero(x);
    }
  }

  template <class D, class... Leaf>
  static auto common_primal(const std::tuple<Leaf...>&)
      -> std::common_type_t<typename D::scalar, decltype(level::primal<D>(std::declval<const Leaf&>()))...>;

  /// The results of `F` taken apart: values, and `Each` derivatives of every one. Their numbers are what is left when
  /// this level's tangents are taken off: often the scalar of `D`, an outer dual if `F` captured one.
  template <class D, class F, class P, int Each = F::variables>
  class Taken {
    using Result = decltype(std::declval<const F&>().call(tree::Leaves<D, F::variables>{}, std::declval<const P&>()));
    using S = decltype(common_primal<D>(tree::leaf_tuple(std::declval<Result>())));
    static constexpr int outputs = tree::leaves<Result>;

   public:
    constexpr void take(const Result& results, int first, int end) {
      std::size_t row = 0;
      tree::for_each_leaf(results, [&](const auto& leaf) {
        value_[row] = S(level::primal<D>(leaf));
        for (int j = first; j < end && j < first + D::directions; ++j) {
          derivative_[row * Each + static_cast<std::size_t>(j)] = S(level::tangent<D>(leaf, j - first));
        }
        ++row;
      });
    }
    /// Makes a square matrix of derivatives exactly symmetric.
    constexpr void mirror() {
      for (std::size_t i = 0; i < Each; ++i) {
        for (std::size_t j = 0; j < i; ++j) derivative_[j * Each + i] = derivative_[i * Each + j];
      }
    }
    constexpr auto values() const { return tree::Leaves<S, outputs>{value_.data()}; }
    constexpr auto derivatives() const { return tree::Leaves<S, outputs * Each>{derivative_.data()}; }

   private:
    std::array<S, static_cast<std::size_t>(outputs)> value_{};
    std::array<S, static_cast<std::size_t>(outputs* Each)> derivative_{};
  };

 public:
  /// What `F` returns when it is differentiated.
  template <class F>
  using result = decltype(std::declval<const F&>().call(
      tree::Leaves<Dual<leaf_number<typename F::variable_row>, 1, F>, F::variables>{},
      std::declval<typename F::parameter_row>()));

  /// then(outputs of `f`, its Jacobian) at variables `v`, parameters `p`.
  template <Mode M, bool Symmetric, class F, class V, class P, class Then>
  static constexpr auto jacobian(const F& f, const V& v, const P& p, const Then& then) {
    using T = leaf_number<V>;
    constexpr int n = V::size;
    using D = Dual<T, (n < width ? n : width), F>;
    using Y = Taken<D, F, P>;
    Y y;
    const auto primals = tree::to_array<T>(v);
    for (int first = 0; first < n; first += D::directions) {
      std::array<D, static_cast<std::size_t>(n)> x;
      for (int i = 0; i < n; ++i) {
        const bool seeded = i >= first && i < first + D::directions;
        const T& primal = primals[static_cast<std::size_t>(i)];
        x[static_cast<std::size_t>(i)] = seeded ? D::variable(primal, i - first) : D(primal);
      }
      y.take(f.call(tree::Leaves<D, n>{x.data()}, p), first, n);
    }
    if constexpr (Symmetric) y.mirror();
    return then(y.values(), y.derivatives());
  }

  /// then(outputs of `f`, their tangents) along `t`.
  template <class F, class V, class W, class P, class Then>
  static constexpr auto tangents(const F& f, const V& v, const W& t, const P& p, const Then& then) {
    using T = leaf_number<V, W>;
    using D = Dual<T, 1, F>;
    std::array<D, static_cast<std::size_t>(V::size)> x;
    tree::for_each_index<V::size>(
        [&](auto k) { x[static_cast<std::size_t>(k)] = D(T(v.template get<k>()), T(t.template get<k>())); });
    Taken<D, F, P, 1> y;
    y.take(f.call(tree::Leaves<D, V::size>{x.data()}, p), 0, 1);
    return then(y.values(), y.derivatives());
  }

  /// then(outputs of `f`, the cotangents of its variables) for the cotangents `w` of the outputs, from the Jacobian.
  template <class F, class V, class W, class P, class Then>
  static constexpr auto cotangents(const F& f, const V& v, const W& w, const P& p, const Then& then) {
    return jacobian<Mode::forward, false>(f, v, p, [&]<class Y, class J>(const Y& y, const J& j) {
      using S = std::common_type_t<typename J::number, leaf_number<W>>;
      const auto weights = tree::to_array<S>(w);
      const auto slopes = tree::to_array<S>(j);
      std::array<S, static_cast<std::size_t>(V::size)> sum{};
      for (std::size_t i = 0; i < weights.size(); ++i) {
        if (is_nothing(weights[i])) continue;
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = sum[k] + weights[i] * slopes[i * sum.size() + k];
      }
      return then(y, tree::Leaves<S, V::size>{sum.data()});
    });
  }
};

}  // namespace duet
