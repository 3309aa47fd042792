// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

/// The members of plain structs, which nobody has described: how many there are, and references to them.
namespace duet::tree::aggregate {

/// Converts to whatever a member is initialised with; `Base` to nothing but a base of `T`.
struct Anything {
  template <class M>
  operator M() const;
};
template <class T>
struct Base {
  template <class B>
  requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>) operator B() const;
};

template <std::size_t>
using AnythingFor = Anything;

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires { T{AnythingFor<I>{}...}; };
}

/// Whether there are as many initialisers as before if number `sizeof...(I)` of them is `{}`: an array among the members
/// would take several at once.
template <class T, std::size_t... I, std::size_t... J>
constexpr bool takes_braces(std::index_sequence<I...>, std::index_sequence<J...>) {
  return requires { T{AnythingFor<I>{}..., {}, AnythingFor<J>{}...}; };
}

/// The greatest number of initialisers that `T` takes, at most `most` + 1.
inline constexpr std::size_t most = 20;
template <class T>
constexpr std::size_t initialisers() {
  return []<std::size_t... N>(std::index_sequence<N...>) {
    std::size_t greatest = 0;
    ((greatest = takes<T>(std::make_index_sequence<N>{}) ? N : greatest), ...);
    return greatest;
  }
  (std::make_index_sequence<most + 2>{});
}

/// References to the members of `x`, of which there are `N`.
template <std::size_t N, class T>
[[gnu::always_inline]] constexpr auto tie(T& x) {
  if constexpr (N == 1) {
    auto& [a] = x;
    return std::tie(a);
  } else if constexpr (N == 2) {
    auto& [a, b] = x;
    return std::tie(a, b);
  } else if constexpr (N == 3) {
    auto& [a, b, c] = x;
    return std::tie(a, b, c);
  } else if constexpr (N == 4) {
    auto& [a, b, c, d] = x;
    return std::tie(a, b, c, d);
  } else if constexpr (N == 5) {
    auto& [a, b, c, d, e] = x;
    return std::tie(a, b, c, d, e);
  } else if constexpr (N == 6) {
    auto& [a, b, c, d, e, f] = x;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (N == 7) {
    auto& [a, b, c, d, e, f, g] = x;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (N == 8) {
    auto& [a, b, c, d, e, f, g, h] = x;
    return std::tie(a, b, c, d, e, f, g, h);
  } else if constexpr (N == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = x;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else if constexpr (N == 10) {
    auto& [a, b, c, d, e, f, g, h, i, j] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (N == 11) {
    auto& [a, b, c, d, e, f, g, h, i, j, k] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (N == 12) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (N == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else if constexpr (N == 14) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else if constexpr (N == 15) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  } else if constexpr (N == 16) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  } else if constexpr (N == 17) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
  } else if constexpr (N == 18) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r);
  } else if constexpr (N == 19) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
  } else {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = x;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
  }
}

template <class>
inline constexpr bool holds_array = false;
template <class... M>
inline constexpr bool holds_array<std::tuple<M&...>> = (std::is_array_v<M> || ...);

/// The number of members of the struct `T`, 0 where it can't be told: a struct with a base, an array as a member, a
/// member without a default, or more than `most` members.
template <class T>
constexpr std::size_t members() {
  if constexpr (!std::is_class_v<T> || !std::is_aggregate_v<T> || std::is_empty_v<T>) {
    return 0;
  } else if constexpr (requires { std::tuple_size<T>::value; }) {  // bindings take that for the number
    return 0;
  } else {
    constexpr std::size_t n = initialisers<T>();
    constexpr bool each_takes_one = []<std::size_t... I>(std::index_sequence<I...>) {
      return (takes_braces<T>(std::make_index_sequence<I>{}, std::make_index_sequence<n - 1 - I>{}) && ...);
    }
    (std::make_index_sequence<n>{});
    if constexpr (n == 0 || n > most || !each_takes_one || requires { T{Base<T>{}}; }) {
      return 0;
    } else {
      return holds_array<decltype(aggregate::tie<n>(std::declval<T&>()))> ? 0 : n;
    }
  }
}

}  // namespace duet::tree::aggregate
