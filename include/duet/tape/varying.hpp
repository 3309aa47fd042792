// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tape/var.hpp>
#include <duet/tree/row.hpp>
#include <duet/tree/sequence.hpp>

/// Which arguments of a function contain variables, and what else such an argument can be made into.
namespace duet::tape {

/// Tests of leaves: whether one is neither a `Var<T>` nor an expression of such.
template <class T>
struct Against {
  template <class X>
  struct is_constant : std::bool_constant<!std::same_as<typename op::kept<X>::type, Var<T>>> {};
};
struct AgainstAll {
  template <class X>
  struct is_constant : std::true_type {};
  template <class X>
  requires std::same_as<typename X::engine, VarEngine>
  struct is_constant<X> : std::false_type {
  };
};

/// Whether an argument contains variables on `T`.
template <class T, class X>
inline constexpr bool varies = !tree::all_leaves<X, Against<T>::template is_constant>::value;

template <class X>
inline constexpr bool has_variables = !tree::all_leaves<X, AgainstAll::is_constant>::value;

/// The number type of the variables in some arguments; where variables are on variables, of the outermost ones.
template <class X>
struct variable_in : std::type_identity<op::Plain> {};
template <class X>
requires has_variables<X>
struct variable_in<X> : std::type_identity<typename tree::common_leaf<X>::type> {
};
template <class... X>
using scalar_of = typename op::highest<typename variable_in<X>::type...>::type::scalar;

template <class T>
struct ToNumber {
  template <class X>
  T operator()(const X& x) const {
    if constexpr (!Against<T>::template is_constant<X>::value) {
      return x.primal();
    } else {
      return T(x);
    }
  }
};
template <class T>
struct ToVariable {
  Var<T> operator()(const auto& x) const { return Var<T>(x); }
};

/// An argument with numbers in place of its variables.
template <class T, class X>
[[gnu::always_inline]] constexpr auto primals_of(const X& x) {
  if constexpr (varies<T, X>) {
    return tree::map_leaves<T>(x, ToNumber<T>{});
  } else {
    return x;
  }
}

/// An argument with its expressions recorded: made of variables, if it contains any.
template <class T, class X>
[[gnu::always_inline]] inline decltype(auto) recorded(const X& x) {
  if constexpr (!varies<T, X> || std::same_as<X, tree::rebind<X, Var<T>>>) {
    return (x);
  } else {
    return tree::map_leaves<Var<T>>(x, ToVariable<T>{});
  }
}

}  // namespace duet::tape
