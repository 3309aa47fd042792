// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

/// Structures of numbers: how many leaves a type has, the same structure on other leaves, and the way from a structure
/// to its leaves in a row and back. A structure is a leaf, or a std::array, std::tuple or std::pair of structures.
namespace duet::tree {

template <class T>
struct Structure {  // a leaf
  static constexpr int leaves = 1;
  static constexpr bool container = false;
};
template <class T, std::size_t N>
struct Structure<std::array<T, N>> {
  static constexpr int leaves = static_cast<int>(N) * Structure<T>::leaves;
  static constexpr bool container = true;
};
template <class... T>
struct Structure<std::tuple<T...>> {
  static constexpr int leaves = (0 + ... + Structure<T>::leaves);
  static constexpr bool container = true;
};
template <class A, class B>
struct Structure<std::pair<A, B>> : Structure<std::tuple<A, B>> {};

template <class T>
inline constexpr int leaves = Structure<std::remove_cvref_t<T>>::leaves;
template <class... T>
inline constexpr int leaves_of_all = (0 + ... + leaves<T>);
template <class T>
inline constexpr bool is_container = Structure<std::remove_cvref_t<T>>::container;

/// The structure `T` with `S` in place of every leaf.
template <class T, class S>
struct rebound {
  using type = S;
};
template <class T, std::size_t N, class S>
struct rebound<std::array<T, N>, S> {
  using type = std::array<typename rebound<T, S>::type, N>;
};
template <class... T, class S>
struct rebound<std::tuple<T...>, S> {
  using type = std::tuple<typename rebound<T, S>::type...>;
};
template <class A, class B, class S>
struct rebound<std::pair<A, B>, S> {
  using type = std::pair<typename rebound<A, S>::type, typename rebound<B, S>::type>;
};
template <class T, class S>
using rebind = typename rebound<std::remove_cvref_t<T>, S>::type;

/// The number of leaves before element `K` of container `T`.
template <class T, int K>
inline constexpr int leaves_before = []<std::size_t... I>(std::index_sequence<I...>) {
  return (0 + ... + leaves<std::tuple_element_t<I, T>>);
}
(std::make_index_sequence<static_cast<std::size_t>(K)>{});
template <class T, std::size_t N, int K>
inline constexpr int leaves_before<std::array<T, N>, K> = K* leaves<T>;

/// The element of container `T` that holds its leaf number `K`.
template <class T, int K, int Element = 0>
constexpr int element_of_leaf() {
  if constexpr (K < leaves_before<T, Element + 1>) {
    return Element;
  } else {
    return element_of_leaf<T, K, Element + 1>();
  }
}

/// Leaf number `K` of `x`.
template <int K, class T>
[[gnu::always_inline]] constexpr const auto& leaf(const T& x) {
  if constexpr (!is_container<T>) {
    return x;
  } else if constexpr (requires { x[0]; }) {
    return leaf<K % leaves<decltype(x[0])>>(x[K / leaves<decltype(x[0])>]);
  } else {
    constexpr int element = element_of_leaf<T, K>();
    using std::get;
    return leaf<K - leaves_before<T, element>>(get<element>(x));
  }
}

/// Calls `f` on every leaf of `x`, in order.
template <class T>
[[gnu::always_inline]] constexpr void for_each_leaf(T& x, auto&& f) {
  using U = std::remove_const_t<T>;
  if constexpr (!is_container<U>) {
    f(x);
  } else if constexpr (requires { x.begin(); }) {
    for (auto& element : x) for_each_leaf(element, f);
  } else {
    using std::get;
    [&]<std::size_t... I>(std::index_sequence<I...>) { (for_each_leaf(get<I>(x), f), ...); }
    (std::make_index_sequence<std::tuple_size_v<U>>{});
  }
}

/// The leaves of `x` as one flat tuple, for leaves of different types.
template <class T>
constexpr auto leaf_tuple(const T& x) {
  if constexpr (!is_container<T>) {
    return std::tuple<T>(x);
  } else {
    return std::apply([](const auto&... element) { return std::tuple_cat(leaf_tuple(element)...); }, x);
  }
}

/// Whether every leaf of `T` is a type for which `Test<leaf>::value` holds.
template <class T, template <class> class Test>
struct all_leaves : Test<T> {};
template <class T, std::size_t N, template <class> class Test>
struct all_leaves<std::array<T, N>, Test> : all_leaves<T, Test> {};
template <class... T, template <class> class Test>
struct all_leaves<std::tuple<T...>, Test> : std::bool_constant<(all_leaves<T, Test>::value && ...)> {};
template <class A, class B, template <class> class Test>
struct all_leaves<std::pair<A, B>, Test> : all_leaves<std::tuple<A, B>, Test> {};

/// The common type of the leaves of all `T`; `void` if there are none.
template <class... T>
struct common_leaf {
  using type = void;
};
template <class T>
requires(!is_container<T>) struct common_leaf<T> {
  using type = T;
};
template <class T, std::size_t N>
struct common_leaf<std::array<T, N>> : common_leaf<T> {};
template <class... T>
struct common_leaf<std::tuple<T...>> : common_leaf<T...> {};
template <class A, class B>
struct common_leaf<std::pair<A, B>> : common_leaf<A, B> {};
template <class A, class B, class... Rest>
struct common_leaf<A, B, Rest...> {
  using first = typename common_leaf<A>::type;
  using others = typename common_leaf<B, Rest...>::type;
  using type = typename std::conditional_t<
      std::is_void_v<first>, std::type_identity<others>,
      std::conditional_t<std::is_void_v<others>, std::type_identity<first>, std::common_type<first, others>>>::type;
};

/// `T` has the same structure as `U`, whatever the leaves.
template <class T, class U>
concept same_structure = std::same_as<rebind<T, int>, rebind<U, int>>;

}  // namespace duet::tree
