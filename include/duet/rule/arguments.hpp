// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include <duet/op/error.hpp>
#include <duet/tape/flat.hpp>

/// The arguments and results of functions with a rule of their own.
namespace duet::rule {

/// The types of the leaves of a structure.
template <class T>
struct leaf_types : std::type_identity<std::tuple<T>> {};
template <>
struct leaf_types<tree::Inert> : std::type_identity<std::tuple<>> {};
template <class... P>
struct leaf_types<tree::Parts<P...>>
    : std::type_identity<decltype(std::tuple_cat(std::declval<typename leaf_types<P>::type>()...))> {};
template <class T>
requires tree::is_container<T>
struct leaf_types<T> : leaf_types<tree::parts<T>> {
};

template <class... X>
using all_leaf_types = decltype(std::tuple_cat(std::declval<typename leaf_types<X>::type>()...));

template <class Leaves>
struct common_kept;
template <class... Leaf>
struct common_kept<std::tuple<Leaf...>> : std::common_type<typename op::kept<Leaf>::type...> {};

/// The number that all leaves of a structure can be kept in.
template <class X>
using number_in = typename common_kept<all_leaf_types<X>>::type;

template <class Leaves>
struct leader_of;
template <class... Leaf>
struct leader_of<std::tuple<Leaf...>> : op::highest<op::Plain, typename op::engine_of<Leaf>::type...> {};

/// The number among the leaves of some arguments that decides how derivatives are carried: the one of highest rank.
template <class... X>
using leader = typename leader_of<all_leaf_types<X...>>::type;

/// The engine of these arguments; `op::Plain` where nothing is differentiated.
template <class... X>
using engine_for = typename leader<X...>::engine;

/// Whether an argument takes part in derivatives; a count or a name does not.
template <class X>
inline constexpr bool varies = [] {
  constexpr bool numbers = tape::can_vary<X>;
  static_assert(!numbers || tree::run_time_sized<X> || tree::of_numbers_only<X> || std::same_as<leader<X>, op::Plain>,
                "duet: an argument of a function with its own rule mixes differentiated numbers with integers or other "
                "things; pass these as arguments of their own");
  return numbers;
}();

/// What stands in place of the tangent of an argument that has none.
using NoTangent = std::tuple<>;

/// A tuple of these values, also of one that is a tuple itself.
template <class... X>
constexpr std::tuple<X...> packed(const X&... x) {
  return std::tuple<X...>(x...);
}

/// One argument as it is, several as a tuple.
template <class... X>
constexpr auto joined(const X&... x) {
  if constexpr (sizeof...(X) == 1) {
    return (x, ...);
  } else {
    return packed(x...);
  }
}

/// The parts of what `joined` made: a tuple of `Count` elements.
template <int Count, class X>
constexpr auto parts(const X& x) {
  if constexpr (Count == 1) {
    return packed(x);
  } else {
    return x;
  }
}

template <class X>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;
template <class A, class B>
inline constexpr bool is_pair<std::tuple<A, B>> = true;

/// Calls the rule of a `custom_jvp`, which may ask for the function itself as its first argument.
template <class Rule, class Self, class P, class T>
constexpr auto call_rule(const Rule& rule, const Self& self, const P& primals, const T& tangents) {
  const auto result = [&] {
    if constexpr (std::invocable<const Rule&, const Self&, const P&, const T&>) {
      return rule(self, primals, tangents);
    } else {
      static_assert(std::invocable<const Rule&, const P&, const T&>,
                    "duet: the rule of custom_jvp is called with the primals and the tangents, each one value for one "
                    "argument, else a tuple, and must be generic in both");
      return rule(primals, tangents);
    }
  }();
  using Result = std::remove_const_t<decltype(result)>;
  static_assert(is_pair<Result>, "duet: the rule of custom_jvp must return std::pair{value, tangent}");
  using Value = std::tuple_element_t<0, Result>;
  using Tangent = std::tuple_element_t<1, Result>;
  static_assert(tree::mismatch<Value, Tangent>::fits,
                "duet: the tangent that the rule of custom_jvp returns must have the structure of the value");
  tree::require_same_shape(std::get<0>(result), std::get<1>(result),
                           "duet: the tangent that the rule of custom_jvp returns must have the size of the value");
  return result;
}

/// Calls the forward function of a `custom_vjp`, which may ask for the function itself as its first argument.
template <class ForwardRule, class Self, class... X>
constexpr auto call_forward(const ForwardRule& forward, const Self& self, const X&... x) {
  const auto result = [&] {
    if constexpr (std::invocable<const ForwardRule&, const Self&, const X&...>) {
      return forward(self, x...);
    } else {
      static_assert(std::invocable<const ForwardRule&, const X&...>,
                    "duet: the forward function of custom_vjp is called with the arguments of the function, and must "
                    "be generic in them");
      return forward(x...);
    }
  }();
  static_assert(is_pair<std::remove_const_t<decltype(result)>>,
                "duet: the forward function of custom_vjp must return std::pair{value, residuals}");
  return result;
}

/// The value that a rule has returned for `primals`. Where it is differentiated in its turn, it is the function's own,
/// so that its derivatives are those of the rule whatever the rule has computed the value by.
template <class Self, class... X, class Value>
constexpr auto own_value(const Self& self, const std::tuple<X...>& primals, const Value& value) {
  if constexpr (std::same_as<leader<X...>, op::Plain>) {
    return value;
  } else {
    return std::apply(self, primals);
  }
}

/// Whether an argument of type `X` and what stands in its place among the cotangents fit.
template <class X, class C>
constexpr bool fits() {
  if constexpr (varies<X>) {
    return tree::same_structure<X, C>;
  } else {
    return true;
  }
}
template <class Arguments, class Cotangents>
constexpr bool all_fit() {
  constexpr std::size_t count = std::tuple_size_v<Arguments>;
  if constexpr (!requires { std::tuple_size<Cotangents>::value; }) {
    return false;
  } else if constexpr (std::tuple_size_v<Cotangents> != count) {
    return false;
  } else {
    return []<std::size_t... K>(std::index_sequence<K...>) {
      return (fits<std::tuple_element_t<K, Arguments>, std::tuple_element_t<K, Cotangents>>() && ...);
    }
    (std::make_index_sequence<count>{});
  }
}

/// Calls the backward function of a `custom_vjp` at `arguments` (a tuple), and returns a tuple of their cotangents.
template <class Backward, class Residuals, class W, class... X>
constexpr auto call_backward(const Backward& backward, const Residuals& residuals, const W& cotangent,
                             const std::tuple<X...>& arguments) {
  static_assert(
      std::invocable<const Backward&, const Residuals&, const W&>,
      "duet: the backward function of custom_vjp is called with the residuals and the cotangent of the value, "
      "and must be generic in both");
  const auto result = parts<sizeof...(X)>(backward(residuals, cotangent));
  static_assert(all_fit<std::tuple<X...>, std::remove_const_t<decltype(result)>>(),
                "duet: the backward function of custom_vjp must return one cotangent for each argument, in its "
                "structure: for one argument the cotangent, else a tuple");
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto check = [](const auto& x, const auto& c) {
      if constexpr (varies<std::remove_cvref_t<decltype(x)>>) {
        tree::require_same_shape(x, c,
                                 "duet: a cotangent that the backward function of custom_vjp returns must have the "
                                 "size of the argument");
      }
    };
    (check(std::get<K>(arguments), std::get<K>(result)), ...);
  }
  (std::index_sequence_for<X...>{});
  return result;
}

/// Calls `f` with the leaves of those of the `arguments` that vary, and with those in the same places of `x`.
template <class... X, class Tuple, class F>
constexpr void for_each_varying(const std::tuple<X...>&, const Tuple& x, F&& f) {
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto visit = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      if constexpr (varies<std::tuple_element_t<I, std::tuple<X...>>>) tree::for_each_leaf(std::get<I>(x), f);
    };
    (visit(std::integral_constant<std::size_t, K>{}), ...);
  }
  (std::index_sequence_for<X...>{});
}

/// Room for `Each` numbers of type `S` for each of the `count` leaves of an `X`.
template <class S, class X, std::size_t Each = 1>
constexpr auto numbers(std::size_t count) {
  if constexpr (tree::run_time_sized<X>) {
    return std::vector<S>(count * Each);
  } else {
    return std::array<S, static_cast<std::size_t>(tree::leaves<X>) * Each>{};
  }
}

}  // namespace duet::rule
