// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/dynamic_tape.hpp>
#include <duet/tape/static_tape.hpp>
#include <duet/transform/call.hpp>
#include <duet/transform/dynamic_matrix.hpp>
#include <duet/transform/engine.hpp>
#include <duet/transform/fit.hpp>

/// What the transforms ask of a policy for structures whose size is only known at run time.
namespace duet {

/// The policy that stands where none is named: `DynamicTape` where a variable's size is only known at run time, or
/// where it holds more than numbers (an integer, a flag, a string), else `StaticTape`.
struct BySize {
  static constexpr bool is_engine = true;
};

namespace transform {

/// The engine of structures of policy `E`. Where there is one, its `type` has, for a call of type `C`,
/// - `check<X...>()`, which says in a sentence why it can't take arguments of these types, if it can't,
/// - `result<C>`, the structure that the function returns on the engine's numbers,
/// - `gradient(call)`, the pair of the value, a number, and the gradient, in the structure of the variables,
/// - `jacobian<Mode, Symmetric>(call)`, the pair of the value and a `DynamicMatrix`,
/// - `tangents(call, t)`, the pair of the value and its tangents along t,
/// - `pullback(call)`, the pair of the value and a function from cotangents of the value to those of the variables,
/// - `hessian_product(call, t)`, the tangents of the gradient along t, if it `multiplies_hessians` faster than by
///   `tangents`.
///
/// `always` says that it also serves structures of fixed size, for which there are engines of rows (engine.hpp) else.
template <class E>
struct structure_engine {};

template <class E>
concept has_structure_engine = requires {
  typename structure_engine<E>::type;
};

/// Whether one of the variables is a structure for which `Is` holds.
template <class W, template <class> class Is, class... X>
constexpr bool some_variable() {
  return []<int... K>(std::integer_sequence<int, K...>) {
    return ((tape::Selection<W>::has(K) && tree::is_container<X> && Is<X>::value) || ...);
  }
  (std::make_integer_sequence<int, static_cast<int>(sizeof...(X))>{});
}
template <class X>
struct is_run_time_sized : std::bool_constant<tree::run_time_sized<X>> {};
template <class X>
struct is_more_than_numbers : std::bool_constant<!tree::of_numbers_only<X>> {};

template <class W, class... X>
inline constexpr bool varies_in_size = some_variable<W, is_run_time_sized, X...>();

template <class E, class W, class... X>
struct policy_for {
  using type = E;
};
template <class W, class... X>
struct policy_for<BySize, W, X...> {
  using type = std::conditional_t<some_variable<W, is_more_than_numbers, X...>(), DynamicTape<double>, StaticTape>;
};

/// The policy `E` at these arguments.
template <class E, class W, class... X>
using policy = typename policy_for<E, W, X...>::type;

/// Whether policy `E` differentiates `F` at `X...` by its engine of structures.
template <class E, class F, class W, class... X>
constexpr bool by_structure() {
  if constexpr (!has_structure_engine<E>) {
    return false;
  } else if constexpr (structure_engine<E>::always || varies_in_size<W, X...>) {
    return true;
  } else {
    using FlatF = decltype(flat<W>(std::declval<const F&>(), std::declval<const X&>()...));
    using Y = typename E::template result<FlatF>;
    return tree::is_container<Y> && !tree::of_numbers_only<Y>;
  }
}

/// A function to be differentiated by policy `P` at given arguments, which must stay where they are.
template <class P, class W, class F, class... X>
auto call(const F& f, const X&... x) {
  static_assert(tape::check<false, W, X...>());
  static_assert(structure_engine<P>::type::template check<X...>());
  return Call<F, W, X...>(f, x...);
}

/// The Jacobian of a function from `X` to `Y`: of fixed size if these are.
template <class Y, class X, class T>
auto matrix_of(DynamicMatrix<T>&& j) {
  if constexpr (tree::run_time_sized<X> || tree::run_time_sized<Y>) {
    return std::move(j);
  } else {
    Matrix<T, static_cast<std::size_t>(tree::leaves<Y>), static_cast<std::size_t>(tree::leaves<X>)> result;
    for (std::size_t i = 0; i < j.size(); ++i) result.data()[i] = std::move(j.data()[i]);
    return result;
  }
}

}  // namespace transform
}  // namespace duet
