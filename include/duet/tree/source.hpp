// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/tree.hpp>

/// Rows of leaves from which structures are built.
namespace duet::tree {

/// Numbers of one type in memory: `build<T, Offset>()` is the structure `T` on the numbers from `Offset` on.
template <class S>
struct Leaves {
  const S* first;

  template <class T, int Offset>
  [[gnu::always_inline]] constexpr auto build() const {
    const S* in = first + Offset;
    return tree::build<T>(in);
  }
};

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

/// Numbers of different types in a tuple; an array of them becomes a `Pack`.
template <class... S>
struct MixedLeaves {
  std::tuple<S...> all;

  template <class T, int Offset>
  constexpr auto build() const {
    return of<Offset>(static_cast<T*>(nullptr));
  }

 private:
  template <int I, class T>
  constexpr auto of(T*) const {
    return std::get<static_cast<std::size_t>(I)>(all);
  }
  template <int I, class T, std::size_t N>
  constexpr auto of(std::array<T, N>*) const {
    return [&]<std::size_t... K>(std::index_sequence<K...>) {
      return pack(of<I + static_cast<int>(K) * leaves<T>>(static_cast<T*>(nullptr))...);
    }(std::make_index_sequence<N>{});
  }
  template <int I, class... T>
  constexpr auto of(std::tuple<T...>*) const {
    return elements<I>(std::tuple<>{}, static_cast<T*>(nullptr)...);
  }
  template <int I, class A, class B>
  constexpr auto of(std::pair<A, B>*) const {
    return std::pair(of<I>(static_cast<A*>(nullptr)), of<I + leaves<A>>(static_cast<B*>(nullptr)));
  }
  template <class... E>
  static constexpr auto pack(const E&... e) {
    return Pack<E...>(e...);
  }
  template <int I, class Done>
  constexpr Done elements(Done done) const {
    return done;
  }
  template <int I, class Done, class T, class... Rest>
  constexpr auto elements(Done done, T* first, Rest*... rest) const {
    return elements<I + leaves<T>>(std::tuple_cat(done, std::tuple(of<I>(first))), rest...);
  }
};

template <class S, std::size_t N>
constexpr Leaves<S> source(const std::array<S, N>& leaves) {
  return {leaves.data()};
}
template <class... S>
constexpr MixedLeaves<S...> source(const std::tuple<S...>& leaves) {
  return {leaves};
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
