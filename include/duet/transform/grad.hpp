// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/tape_structures.hpp>

/// Gradients of functions with one scalar result.
namespace duet {

namespace transform {

/// The function that gives the gradient of `F`, and its value too if `WithValue`.
template <engine E, bool WithValue, class F, class W>
struct Gradient {
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
      using Value = typename returned<P, FlatF>::type;
      static_assert(scalar_result<Value>());
      return P::template jacobian<Mode::reverse, false>(
          function, FlatF::variables_of(x...), FlatF::parameters_of(x...),
          collect<Value, typename FlatF::structure, WithValue>(FlatF::inert_from(x...)));
    }
  }

 private:
  template <class Value>
  static constexpr bool scalar_result() {
    static_assert(!tree::is_container<Value>,
                  "duet: grad needs a function with one scalar result; for several results use jacobian or vjp");
    return true;
  }

  template <class S, class C>
  static auto of_structures(const C& call) {
    static_assert(scalar_result<typename S::template result<C>>());
    auto result = S::gradient(call);
    if constexpr (WithValue) {
      return result;
    } else {
      return std::move(result.second);
    }
  }
};

}  // namespace transform

/// The function x... -> gradient of `f` at x..., in the structure of the input; for several arguments a tuple.
/// `grad(f, wrt<0, 2>)` differentiates with respect to these arguments only.
///
/// Cost on the static tape: at most a small multiple of the operations of `f`, whatever the number of inputs (Baur and
/// Strassen, The complexity of partial derivatives, 1983).
template <engine E = BySize, class F, int... I>
constexpr auto grad(const F& f, Wrt<I...> = {}) {
  return transform::Gradient<E, false, F, Wrt<I...>>{f};
}

/// The function x... -> std::pair{value, gradient}; see `grad`.
template <engine E = BySize, class F, int... I>
constexpr auto value_and_grad(const F& f, Wrt<I...> = {}) {
  return transform::Gradient<E, true, F, Wrt<I...>>{f};
}

}  // namespace duet
