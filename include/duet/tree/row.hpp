// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/tree.hpp>

/// Rows of leaves: what the engines take and give. A row has a `size`, the type of its `number`s (`void` if they are of
/// different types) and `get<K>()`; nothing is copied until a leaf is asked for.
namespace duet::tree {

/// Numbers of one type in memory.
template <class S, int Size>
struct Leaves {
  static constexpr int size = Size;
  using number = S;
  const S* first;

  template <int K>
  [[gnu::always_inline]] constexpr const S& get() const {
    return first[K];
  }
};

/// Numbers of any types in a tuple.
template <class... S>
struct MixedLeaves {
  static constexpr int size = static_cast<int>(sizeof...(S));
  using number = void;
  std::tuple<S...> all;

  template <int K>
  [[gnu::always_inline]] constexpr const auto& get() const {
    return std::get<static_cast<std::size_t>(K)>(all);
  }
};

/// The leaves of some structures, one structure after the other. `Number` is the type that they share, or `void`.
template <class Number, class... T>
struct Structures {
  static constexpr int size = leaves_of_all<T...>;
  using number = Number;
  std::tuple<const T&...> all;

  template <int K, std::size_t Which = 0>
  [[gnu::always_inline]] constexpr const auto& get() const {
    constexpr int here = leaves<std::tuple_element_t<Which, std::tuple<T...>>>;
    if constexpr (K < here) {
      return leaf<K>(std::get<Which>(all));
    } else {
      return get<K - here, Which + 1>();
    }
  }
};

/// The `Size` leaves of a row from `First` on.
template <class Row, int First, int Size>
struct Part {
  static constexpr int size = Size;
  using number = typename Row::number;
  const Row& row;

  template <int K>
  [[gnu::always_inline]] constexpr decltype(auto) get() const {
    return row.template get<First + K>();
  }
};
template <int First, int Size, class Row>
[[gnu::always_inline]] constexpr Part<Row, First, Size> part(const Row& row) {
  return {row};
}

/// Several rows, one after the other.
template <class Number, class... Rows>
struct Joined {
  static constexpr int size = (0 + ... + Rows::size);
  using number = Number;
  std::tuple<const Rows&...> rows;

  template <int K, int Which = 0>
  [[gnu::always_inline]] constexpr decltype(auto) get() const {
    constexpr int here = std::remove_cvref_t<std::tuple_element_t<Which, std::tuple<Rows...>>>::size;
    if constexpr (K < here) {
      return std::get<Which>(rows).template get<K>();
    } else {
      return get<K - here, Which + 1>();
    }
  }
};

/// Calls `f` with the integral constants 0, 1, ..., Count - 1.
template <int Count, int First = 0>
[[gnu::always_inline]] constexpr void for_each_index(auto&& f) {
  constexpr int here = Count - First < 128 ? Count - First : 128;  // clang refuses folds over 256 operands
  [&]<int... K>(std::integer_sequence<int, K...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, First + K>{}), ...);
  }
  (std::make_integer_sequence<int, here>{});
  if constexpr (First + here < Count) for_each_index<Count, First + here>(f);
}

/// The numbers of a row in an array.
template <class S, class Row>
[[gnu::always_inline]] constexpr auto to_array(const Row& row) {
  std::array<S, static_cast<std::size_t>(Row::size)> numbers{};
  for_each_index<Row::size>([&](auto k) { numbers[static_cast<std::size_t>(k)] = S(row.template get<k>()); });
  return numbers;
}

/// Says that there is nothing to copy inert elements from.
struct Nothing {};
inline constexpr Nothing nothing{};

/// Element number `I` of what a structure is made like.
template <std::size_t I, class Like>
[[gnu::always_inline]] constexpr const auto& like_element(const Like& like) {
  if constexpr (std::is_same_v<Like, Nothing>) {
    return like;
  } else {
    return element<I>(like);
  }
}

/// The inert element `E`, as it is in `like`.
template <class E, class Like>
[[gnu::always_inline]] constexpr E inert_element(const Like& like) {
  if constexpr (stateless<E>) {
    return E{};
  } else {
    return like;
  }
}

/// Sets the leaves of `x` to those of a row from `Offset` on, and inert elements to those of `like`.
template <int Offset = 0, class T, class Row, class Like = Nothing>
[[gnu::always_inline]] constexpr void fill(T& x, const Row& row, const Like& like = nothing) {
  if constexpr (!is_container<T>) {
    x = T(row.template get<Offset>());
  } else {
    for_each_index<static_cast<int>(size<T>)>([&](auto k) __attribute__((always_inline)) {
      constexpr std::size_t i = std::size_t(k);
      using E = element_type<T, i>;
      if constexpr (inert<E>) {
        if constexpr (!stateless<E>) element<i>(x) = like_element<i>(like);
      } else {
        fill<Offset + leaves_before<T, k>>(element<i>(x), row, like_element<i>(like));
      }
    });
  }
}

/// An array whose elements are of different types: a tuple, which can be unpacked but not indexed.
template <class... E>
struct Pack : std::tuple<E...> {
  using std::tuple<E...>::tuple;

  template <class I>
  constexpr auto operator[](const I&) const {
    static_assert(!sizeof(I),
                  "duet: on the static tape a callable with captured state can't index an array argument, since each "
                  "element is an expression of its own type; use structured bindings or std::get, pass the captured "
                  "state as an argument left out by duet::wrt, or differentiate with Forward");
    return 0;
  }
};

template <class... E>
struct Structure<Pack<E...>> : Structure<std::tuple<E...>> {
  template <class S>
  using rebound = std::array<S, sizeof...(E)>;
};

/// A product whose elements are of the types that its template is given, so that it can hold any other types.
template <class T>
inline constexpr bool takes_any_types = false;
template <template <class...> class C, class... A>
requires(Structure<C<A...>>::braces&& std::is_same_v<typename Structure<C<A...>>::elements, std::tuple<A...>>)  //
    inline constexpr bool takes_any_types<C<A...>> = true;

template <class T, class... E>
struct of_types;
template <template <class...> class C, class... A, class... E>
struct of_types<C<A...>, E...> {
  using type = C<E...>;
};

/// Elements of different types as the container `T` that they stand for: an array becomes a `Pack`.
template <class T, class... E>
constexpr auto pack(const E&... e) {
  if constexpr (kind<T> == Kind::array) {
    return Pack<E...>(e...);
  } else {
    static_assert(takes_any_types<T>,
                  "duet: on the static tape a callable with captured state, or a struct with members that are no "
                  "numbers, makes every number an expression of its own type, which this struct can't hold; pass the "
                  "state as an argument left out by duet::wrt, or differentiate with DynamicTape or Forward");
    return typename of_types<T, E...>::type{e...};
  }
}

template <class T, int Offset, class Row, class Like>
[[gnu::always_inline]] constexpr auto build(const Row& row, const Like& like);

namespace detail {

template <class T, std::size_t I, int Offset, class Row, class Like>
[[gnu::always_inline]] constexpr auto build_element(const Row& row, const Like& like) {
  using E = element_type<T, I>;
  if constexpr (inert<E>) {
    return inert_element<E>(like_element<I>(like));
  } else {
    return build<E, Offset + leaves_before<T, static_cast<int>(I)>>(row, like_element<I>(like));
  }
}

}  // namespace detail

/// The structure `T` on the leaves of a row from `Offset` on, with the inert elements of `like`.
template <class T, int Offset = 0, class Row, class Like>
[[gnu::always_inline]] constexpr auto build(const Row& row, const Like& like) {
  using S = typename Row::number;
  if constexpr (!is_container<T>) {
    return row.template get<Offset>();
  } else if constexpr (std::is_void_v<S>) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
      return pack<T>(detail::build_element<T, K, Offset>(row, like)...);
    }
    (std::make_index_sequence<size<T>>{});
  } else if constexpr (size<T> > 1024 || !Structure<T>::braces) {
    rebind<T, S> x{};
    fill<Offset>(x, row, like);
    return x;
  } else {
    return [&]<std::size_t... K>(std::index_sequence<K...>) __attribute__((always_inline)) {
      return rebind<T, S>{detail::build_element<T, K, Offset>(row, like)...};
    }
    (std::make_index_sequence<size<T>>{});
  }
}

/// The structure `T` on the leaves of a row from `Offset` on.
template <class T, int Offset = 0, class Row>
[[gnu::always_inline]] constexpr auto build(const Row& row) {
  return build<T, Offset>(row, nothing);
}

}  // namespace duet::tree

template <class... E>
struct std::tuple_size<duet::tree::Pack<E...>> : std::integral_constant<std::size_t, sizeof...(E)> {};
template <std::size_t I, class... E>
struct std::tuple_element<I, duet::tree::Pack<E...>> : std::tuple_element<I, std::tuple<E...>> {};
