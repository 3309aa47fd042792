// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/dual.hpp>
#include <duet/op/linearised.hpp>
#include <duet/tree/source.hpp>

/// The policy of forward mode.
namespace duet {

/// Differentiates with duals: branches, loops and captured state are all fine. A Jacobian takes one evaluation for every
/// `width` inputs; reverse transforms are answered from the Jacobian.
struct Forward {
  static constexpr bool is_engine = true;

  /// The greatest number of directions that are carried at once.
  static constexpr int width = 16;

  template <class D, class F, class P>
  using Result = decltype(std::declval<const F&>().call(tree::Leaves<D>{}, tree::source(std::declval<const P&>())));

  /// What `F` returns when it is differentiated.
  template <class F>
  using result = Result<Dual<typename F::template Rows<>::variables::value_type, 1, F>, F,
                        typename F::template Rows<>::parameters>;

  /// The outputs of `f` and its Jacobian at variables `v`, parameters `p`.
  template <Mode M, bool Symmetric, class F, class T, std::size_t N, class P>
  static constexpr auto jacobian(const F& f, const std::array<T, N>& v, const P& p) {
    constexpr int directions = N < width ? static_cast<int>(N) : width;
    using D = Dual<T, directions, F>;
    using S = scalar_of<D, F, P>;
    constexpr std::size_t m = static_cast<std::size_t>(outputs_of<D, F, P>);
    Linearised<std::array<S, m>, std::array<S, m * N>> y{};
    for (std::size_t first = 0; first < N; first += static_cast<std::size_t>(directions)) {
      std::array<D, N> x;
      for (std::size_t i = 0; i < N; ++i) {
        const bool seeded = i >= first && i < first + static_cast<std::size_t>(directions);
        x[i] = seeded ? D::variable(v[i], static_cast<int>(i - first)) : D(v[i]);
      }
      const auto results = f.call(tree::source(x), tree::source(p));
      extract<D, S>(results, y.value.data(), y.derivative.data() + first, N - first, N);
    }
    return y;
  }

  /// The outputs of `f` and their tangents along `t`.
  template <class F, class T, std::size_t N, class P>
  static constexpr auto tangents(const F& f, const std::array<T, N>& v, const std::array<T, N>& t,
                                 const P& p) {
    using D = Dual<T, 1, F>;
    using S = scalar_of<D, F, P>;
    constexpr std::size_t m = static_cast<std::size_t>(outputs_of<D, F, P>);
    std::array<D, N> x;
    for (std::size_t i = 0; i < N; ++i) x[i] = D(v[i], t[i]);
    Linearised<std::array<S, m>, std::array<S, m>> y{};
    const auto results = f.call(tree::source(x), tree::source(p));
    extract<D, S>(results, y.value.data(), y.derivative.data(), 1, 1);
    return y;
  }

  /// The outputs of `f` and the cotangents of its variables for the cotangents `w` of the outputs, from the Jacobian.
  template <class F, class T, std::size_t N, class W, class P>
  static constexpr auto cotangents(const F& f, const std::array<T, N>& v, const W& w, const P& p) {
    const auto j = jacobian<Mode::forward, false>(f, v, p);
    constexpr std::size_t m = std::tuple_size_v<decltype(j.value)>;
    using S = std::remove_cvref_t<decltype(w[0] * j.derivative[0])>;
    Linearised<std::array<S, m>, std::array<S, N>> y{};
    for (std::size_t i = 0; i < m; ++i) {
      y.value[i] = S(j.value[i]);
      for (std::size_t k = 0; k < N; ++k) {
        if (!op::is_zero(w[i])) y.derivative[k] = y.derivative[k] + w[i] * j.derivative[i * N + k];
      }
    }
    return y;
  }

 private:
  /// Takes the results apart: values, and at most `most` tangents each, which lie `stride` apart for successive results.
  template <class D, class S, class Y>
  static constexpr void extract(const Y& y, S* value, S* tangent, std::size_t most, std::size_t stride) {
    const std::size_t count = most < std::size_t(D::directions) ? most : std::size_t(D::directions);
    tree::for_each_leaf(y, [&](const auto& leaf) {
      *value++ = S(level::primal<D>(leaf));
      for (std::size_t j = 0; j < count; ++j) tangent[j] = S(level::tangent<D>(leaf, static_cast<int>(j)));
      tangent += stride;
    });
  }

  template <class D, class F, class P>
  static constexpr int outputs_of = tree::leaves<Result<D, F, P>>;

  template <class D, class... Leaf>
  static auto common_primal(const std::tuple<Leaf...>&)
      -> std::common_type_t<typename D::scalar, decltype(level::primal<D>(std::declval<const Leaf&>()))...>;
  /// What the results hold once this level's tangents are taken off: often `T`, an outer dual if `f` captured one.
  template <class D, class F, class P>
  using scalar_of = decltype(common_primal<D>(tree::leaf_tuple(std::declval<Result<D, F, P>>())));
};

}  // namespace duet
