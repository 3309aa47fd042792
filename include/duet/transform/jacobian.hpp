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

/// The function that gives the Jacobian of `F` in mode `M`, and its value too if `WithValue`.
template <engine E, Mode M, bool Symmetric, bool WithValue, class F, class W>
struct Jacobian {
  using function = F;
  [[no_unique_address]] F f;

  template <class... X>
  [[gnu::always_inline]] constexpr auto operator()(const X&... x) const {
    using P = policy<E, W, X...>;
    if constexpr (by_structure<P, F, W, X...>()) {
      return of_structures<typename structure_engine<P>::type>(call<P, W>(f, x...));
    } else {
      const auto function = flat<W>(f, x...);
      using FlatF = std::remove_const_t<decltype(function)>;
      static_assert(of_numbers<FlatF>());
      using Value = typename returned<P, FlatF>::type;
      using Shape =
          Matrix<double, static_cast<std::size_t>(tree::leaves<Value>), static_cast<std::size_t>(FlatF::variables)>;
      return P::template jacobian<M, Symmetric>(function, FlatF::variables_of(x...), FlatF::parameters_of(x...),
                                                Collect<Value, Shape, WithValue>{});
    }
  }

 private:
  template <class S, class C>
  static auto of_structures(const C& call) {
    auto [value, j] = S::template jacobian<M, Symmetric>(call);
    auto matrix = matrix_of<decltype(value), typename C::structure>(std::move(j));
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
template <engine E = BySize, class F, int... I>
constexpr auto jacobian(const F& f, Wrt<I...> = {}) {
  return transform::Jacobian<E, Mode::automatic, false, false, F, Wrt<I...>>{f};
}

/// The function x... -> std::pair{value, Jacobian}; see `jacobian`.
template <engine E = BySize, class F, int... I>
constexpr auto value_and_jacobian(const F& f, Wrt<I...> = {}) {
  return transform::Jacobian<E, Mode::automatic, false, true, F, Wrt<I...>>{f};
}

/// `jacobian` accumulated in the mode `M`, whatever that costs; policies other than the static tape know forward and
/// reverse mode only, and choose among them if `M` is another one.
template <Mode M, engine E = BySize, class F, int... I>
constexpr auto jacobian_by(const F& f, Wrt<I...> = {}) {
  return transform::Jacobian<E, M, false, false, F, Wrt<I...>>{f};
}

/// `jacobian` accumulated column by column: cheap where there are few inputs.
template <engine E = BySize, class F, int... I>
constexpr auto jacfwd(const F& f, Wrt<I...> = {}) {
  return transform::Jacobian<E, Mode::forward, false, false, F, Wrt<I...>>{f};
}

/// `jacobian` accumulated row by row: cheap where there are few outputs.
template <engine E = BySize, class F, int... I>
constexpr auto jacrev(const F& f, Wrt<I...> = {}) {
  return transform::Jacobian<E, Mode::reverse, false, false, F, Wrt<I...>>{f};
}

}  // namespace duet
