// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <duet/math/math.hpp>

/// What a number is to Duet, and the one door through which every operation on active numbers goes.
namespace duet {

/// Base of every active scalar: a number that carries or records a derivative (`Dual`, `Traced`, expressions, `Var`).
///
/// A derived type `X` names its engine, `using engine = E`, where `E::template apply<Op>(operands...)` carries out a
/// row of the op table, and its `rank`: the operand of the highest rank says which engine does it. A type whose
/// operations give something else than itself (an expression) names the number that it stands for, `using variable =
/// V`.
struct Active {};

template <class T>
concept active = std::derived_from<std::remove_cvref_t<T>, Active>;

/// Specialise as true for number types that Duet should take as passive operands although it does not know them
/// (SIMD batches are recognised, multiprecision numbers need this).
template <class T>
inline constexpr bool is_number = std::is_arithmetic_v<T>;

/// A SIMD batch in the manner of xsimd: several lanes, comparisons that give masks.
template <class T>
concept batch = requires(const T& x, typename T::value_type* p) {
  { T::size } -> std::convertible_to<std::size_t>;
  typename T::batch_bool_type;
  x.store_unaligned(p);
};

/// Whether the functions of such batches have the limits that the C library's have: their architecture says so.
template <class T>
inline constexpr bool has_limits = requires {
  requires T::arch_type::has_limits;
};

/// `2_c` and its like: a number that is part of the type.
template <class T>
concept integral_constant = requires {
  typename T::value_type;
}
&&std::integral<typename T::value_type>&& requires { std::integral_constant<typename T::value_type, T::value>{}; };

/// A number without a derivative.
template <class T>
concept passive =
    is_number<std::remove_cvref_t<T>> || batch<std::remove_cvref_t<T>> || integral_constant<std::remove_cvref_t<T>>;

/// Whatever may stand next to an active number in an operation.
template <class T>
concept operand = active<T> || passive<T>;

/// Operands of which at least one is active: what Duet's own overloads accept.
template <class... T>
concept active_operands = (operand<T> && ...) && (active<T> || ...);

namespace op {

/// The engine of a passive operand: below all others.
struct Plain {
  using engine = Plain;
  static constexpr int rank = -1;
};

template <class T>
struct engine_of : std::type_identity<Plain> {};
template <active T>
struct engine_of<T> : std::type_identity<T> {};

/// The active type whose rank is highest, if any is active.
template <class... X>
struct highest;
template <class X>
struct highest<X> : std::type_identity<X> {};
template <class X, class Y, class... Rest>
struct highest<X, Y, Rest...> : highest<std::conditional_t<(Y::rank > X::rank), Y, X>, Rest...> {};

/// The place of `T` in the order of active types.
template <class T>
inline constexpr int rank_of = engine_of<T>::type::rank;

/// The type in which a result of type `T` is kept: the number that an expression stands for, else `T`.
template <class T>
struct kept : std::type_identity<T> {};
template <class T>
requires requires { typename T::variable; }
struct kept<T> : std::type_identity<typename T::variable> {};

/// Carries out `Op` on any mix of numbers: the operand with the highest engine says how.
template <class Op, class... X>
[[gnu::always_inline]] constexpr auto apply(const X&... x) {
  using engine = typename highest<typename engine_of<X>::type...>::type::engine;
  if constexpr (std::same_as<engine, Plain>) {
    return Op::value(x...);
  } else {
    return engine::template apply<Op>(x...);
  }
}

/// The number `value` in the type of `x`: keeps `float`, batches and active types from being widened by a literal. A
/// type that no number converts to (an expression) takes it as it is.
template <class T, class U>
[[gnu::always_inline]] constexpr auto like(const T&, U value) {
  if constexpr (std::constructible_from<T, U>) {
    return T(value);
  } else {
    return value;
  }
}

/// The passive number `x`, which may be part of its type, as a `T`.
template <class T, class U>
[[gnu::always_inline]] constexpr T lift(const U& x) {
  if constexpr (integral_constant<U>) {
    return T(U::value);
  } else {
    return static_cast<T>(x);
  }
}

/// The branch of a plain condition; batches bring their own `select` for masks.
template <class T>
[[gnu::always_inline]] constexpr T select(bool condition, const T& a, const T& b) {
  return condition ? a : b;
}

/// Whether numbers of this type may be moved and compared as the bytes that they consist of, though the language calls
/// their copies more than that.
template <class T>
inline constexpr bool is_bytes = std::is_trivially_copyable_v<T>;

/// Whether `x` is zero together with all that it carries; a tangent for which this holds stays zero whatever it is
/// multiplied by. Active types overload it.
template <class T>
[[gnu::always_inline]] constexpr auto is_zero(const T& x) {
  return x == T(0);
}

/// Applies a scalar function lane by lane, for functions that have no vector form.
template <batch B>
constexpr B lanewise(auto f, const B& x) {
  typename B::value_type lanes[B::size];
  x.store_unaligned(lanes);
  for (auto& lane : lanes) lane = f(lane);
  return B::load_unaligned(lanes);
}

template <batch B>
constexpr B lanewise(auto f, const B& x, const B& y) {
  typename B::value_type a[B::size], b[B::size];
  x.store_unaligned(a);
  y.store_unaligned(b);
  for (std::size_t i = 0; i < B::size; ++i) a[i] = f(a[i], b[i]);
  return B::load_unaligned(a);
}

}  // namespace op
}  // namespace duet
