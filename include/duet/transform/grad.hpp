// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/named.hpp>

/// Gradients of functions with one scalar result.
namespace duet {

namespace transform {

template <class Value>
constexpr bool scalar_result() {
  static_assert(!tree::is_container<Value>,
                "duet: grad needs a function with one scalar result; for several results use jacobian or vjp");
  return true;
}

/// A function with one scalar result, to be differentiated by policy `P`.
template <class P, class W, class F, class... X>
auto scalar_call(const F& f, const X&... x) {
  using Result = typename structure_engine<P>::type::template result<decltype(call<P, W>(f, x...))>;
  static_assert(scalar_result<Result>());
  return call<P, W>(f, x...);
}

/// The gradient, and the value too if `WithValue`.
template <bool WithValue>
struct Gradient {
  static constexpr bool knows_arrays = true;

  template <class A, class W, class F, class... X>
  static auto of_arrays(const F& f, const X&... x) {
    return A::template gradient<W, WithValue>(f, x...);
  }

  template <class P, class W, class F, class... X>
  [[gnu::always_inline]] static constexpr auto of_rows(const F& f, const X&... x) {
    const auto function = flat<W>(f, x...);
    using FlatF = std::remove_const_t<decltype(function)>;
    using Value = typename returned<P, FlatF>::type;
    static_assert(scalar_result<Value>());
    return P::template jacobian<Mode::reverse, false>(
        function, FlatF::variables_of(x...), FlatF::parameters_of(x...),
        collect<Value, typename FlatF::structure, WithValue>(FlatF::inert_from(x...)));
  }

  template <class P, class W, class F, class... X>
  static auto of_structures(const F& f, const X&... x) {
    auto result = structure_engine<P>::type::gradient(scalar_call<P, W>(f, x...));
    if constexpr (WithValue) {
      return result;
    } else {
      return std::move(result.second);
    }
  }
};

}  // namespace transform

/// The function x... -> gradient of `f` at x..., in the structure of the input; for several arguments a tuple.
/// `grad(f, wrt<0, 2>)` differentiates with respect to these arguments only, `grad(f, wrt<"camera.focal">)` with
/// respect to these parts of them; the other transforms that take `wrt` do likewise.
///
/// Cost on the static tape: at most a small multiple of the operations of `f`, whatever the number of inputs (Baur and
/// Strassen, The complexity of partial derivatives, 1983).
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto grad(const F& f, W w = {}) {
  return transform::transformed<transform::Gradient<false>, E>(f, w);
}
/// A policy that is a class template may be named without its number: `grad<DynamicTape>(f)`. So it is with every
/// transform.
template <template <class> class P, class... A>
constexpr auto grad(const A&... a) {
  return grad<P<double>>(a...);
}

/// The function x... -> std::pair{value, gradient}; see `grad`.
template <engine E = BySize, class F, transform::selection W = Wrt<>>
constexpr auto value_and_grad(const F& f, W w = {}) {
  return transform::transformed<transform::Gradient<true>, E>(f, w);
}
template <template <class> class P, class... A>
constexpr auto value_and_grad(const A&... a) {
  return value_and_grad<P<double>>(a...);
}

}  // namespace duet
