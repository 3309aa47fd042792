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

  template <int K>
  [[gnu::always_inline]] constexpr const auto& get() const {
    return leaf<K>(all);
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
  [&]<int... K>(std::integer_sequence<int, K...>) { (f(std::integral_constant<int, First + K>{}), ...); }
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

/// Sets the leaves of `x` to those of a row from `Offset` on.
template <int Offset = 0, class T, class Row>
[[gnu::always_inline]] constexpr void fill(T& x, const Row& row) {
  if constexpr (!is_container<T>) {
    x = T(row.template get<Offset>());
  } else {
    constexpr int size = static_cast<int>(std::tuple_size_v<T>);
    using std::get;
    for_each_index<size>([&](auto k) { fill<Offset + leaves_before<T, k>>(get<std::size_t(k)>(x), row); });
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

/// Elements of different types as the container `T` that they stand for: an array becomes a `Pack`.
template <class T, class... E>
constexpr auto pack(const E&... e) {
  if constexpr (requires(T & x) { x[0]; }) {
    return Pack<E...>(e...);
  } else {
    return std::tuple<E...>(e...);
  }
}

/// The structure `T` on the leaves of a row from `Offset` on.
template <class T, int Offset = 0, class Row>
[[gnu::always_inline]] constexpr auto build(const Row& row) {
  using S = typename Row::number;
  if constexpr (!is_container<T>) {
    return row.template get<Offset>();
  } else if constexpr (std::is_void_v<S>) {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return pack<T>(build<std::tuple_element_t<K, T>, Offset + leaves_before<T, static_cast<int>(K)>>(row)...);
    }
    (std::make_index_sequence<std::tuple_size_v<T>>{});
  } else if constexpr (std::tuple_size_v<T> > 64) {
    rebind<T, S> x{};
    fill<Offset>(x, row);
    return x;
  } else {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return rebind<T, S>{build<std::tuple_element_t<K, T>, Offset + leaves_before<T, static_cast<int>(K)>>(row)...};
    }
    (std::make_index_sequence<std::tuple_size_v<T>>{});
  }
}

template <class... E>
struct Structure<Pack<E...>> : Structure<std::tuple<E...>> {};
template <class... E, class S>
struct rebound<Pack<E...>, S> {
  using type = std::array<S, sizeof...(E)>;
};
template <class... E>
struct common_leaf<Pack<E...>> : common_leaf<E...> {};
template <class... E, template <class> class Test>
struct all_leaves<Pack<E...>, Test> : all_leaves<std::tuple<E...>, Test> {};

}  // namespace duet::tree

template <class... E>
struct std::tuple_size<duet::tree::Pack<E...>> : std::integral_constant<std::size_t, sizeof...(E)> {};
template <std::size_t I, class... E>
struct std::tuple_element<I, duet::tree::Pack<E...>> : std::tuple_element<I, std::tuple<E...>> {};
