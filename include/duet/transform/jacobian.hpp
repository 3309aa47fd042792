// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/forward.hpp>
#include <duet/transform/grad.hpp>
#include <duet/transform/matrix.hpp>

/// Jacobians as matrices.
namespace duet {

namespace transform {

/// Whether there can be matrices of what the variables of `FlatF` are.
template <class FlatF>
constexpr bool of_numbers() {
  static_assert(!std::is_void_v<typename FlatF::variable_row::number>,
                "duet: inside a callable with captured state there are no matrices of expressions; use grad, jvp "
                "or vjp, or pass the captured state as an argument");
  return true;
}

/// The Jacobian in mode `M`, and the value too if `WithValue`.
template <Mode M, bool Symmetric, bool WithValue>
struct Jacobian {
  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_rows(const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    static_assert(of_numbers<FlatF>());
    using Value = typename returned<P, FlatF>::type;
    using Shape =
        Matrix<double, static_cast<std::size_t>(tree::leaves<Value>), static_cast<std::size_t>(FlatF::variables)>;
    return P::template jacobian<M, Symmetric>(function, FlatF::variables_of(x...), FlatF::parameters_of(x...),
                                              Collect<Value, Shape, WithValue>{});
  }

  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    const auto at = call<P, W>(f, x...);
    auto [value, j] = structure_engine<P>::type::template jacobian<M, Symmetric>(at);
    auto matrix = matrix_of<decltype(value), typename decltype(at)::structure>(std::move(j));
    if constexpr (WithValue) {
      return std::pair(std::move(value), std::move(matrix));
    } else {
      return matrix;
    }
  }
};

}  // namespace transform

/// The function x... -> Jacobian of `f` at x..., a `Matrix` with a row per output leaf and a column per input leaf. On
/// the static tape the mode is the one that takes fewest operations for this function, decided at compile time.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto jacobian(const F& f, W w = {}) {
  return transform::transformed<transform::Jacobian<Mode::automatic, false, false>, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto jacobian(const A&... a) {
  return jacobian<P<double>>(a...);
}

/// The function x... -> std::pair{value, Jacobian}; see `jacobian`.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto value_and_jacobian(const F& f, W w = {}) {
  return transform::transformed<transform::Jacobian<Mode::automatic, false, true>, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto value_and_jacobian(const A&... a) {
  return value_and_jacobian<P<double>>(a...);
}

/// `jacobian` accumulated in the mode `M`, whatever that costs; policies other than the static tape know forward and
/// reverse mode only, and choose among them if `M` is another one.
template <Mode M, engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto jacobian_by(const F& f, W w = {}) {
  return transform::transformed<transform::Jacobian<M, false, false>, E>(f, w);
}
template <Mode M, template <class> class P, class... A>
constexpr auto jacobian_by(const A&... a) {
  return jacobian_by<M, P<double>>(a...);
}

/// `jacobian` accumulated column by column: cheap where there are few inputs.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto jacfwd(const F& f, W w = {}) {
  return transform::transformed<transform::Jacobian<Mode::forward, false, false>, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto jacfwd(const A&... a) {
  return jacfwd<P<double>>(a...);
}

/// `jacobian` accumulated row by row: cheap where there are few outputs.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto jacrev(const F& f, W w = {}) {
  return transform::transformed<transform::Jacobian<Mode::reverse, false, false>, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto jacrev(const A&... a) {
  return jacrev<P<double>>(a...);
}

}  // namespace duet
