// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/record.hpp>
#include <duet/tree/structure.hpp>

/// Structures of numbers: how many leaves a type has, and the way to its leaves. The leaves of a container are the
/// numbers in it; inert elements have none. What is no container is a leaf, whatever it is.
namespace duet::tree {

/// Stands for an inert element in a list of parts.
struct Inert {};

template <class... P>
struct Parts {};

namespace detail {

template <class E>
using part = std::conditional_t<inert<E>, Inert, std::remove_cvref_t<E>>;
template <class T>
struct parts_in {
  using type = Parts<part<typename Structure<T>::element>>;
};
template <class>
struct parts_of;
template <class... E>
struct parts_of<std::tuple<E...>> {
  using type = Parts<part<E>...>;
};
template <class T>
requires(kind<T> == Kind::product) struct parts_in<T> : parts_of<typename Structure<T>::elements> {
};

}  // namespace detail

/// The elements of container `T` with `Inert` for inert ones; the one type of an array's or a sequence's elements.
template <class T>
using parts = typename detail::parts_in<T>::type;

namespace detail {

template <class T>
constexpr bool has_run_time_size() {
  if constexpr (!is_container<T>) {
    return false;
  } else if constexpr (kind<T> == Kind::sequence) {
    return true;
  } else {
    return []<class... P>(Parts<P...>) { return (has_run_time_size<P>() || ...); }(parts<T>{});
  }
}

template <class T>
constexpr int number_of_leaves() {
  if constexpr (std::is_same_v<T, Inert>) {
    return 0;
  } else if constexpr (!is_container<T>) {
    return 1;
  } else {
    constexpr int each = []<class... P>(Parts<P...>) { return (0 + ... + number_of_leaves<P>()); }(parts<T>{});
    if constexpr (kind<T> == Kind::array) {
      return each * Structure<T>::size;
    } else {
      return each;
    }
  }
}

template <class T, template <class> class Test>
constexpr bool pass() {
  if constexpr (std::is_same_v<T, Inert>) {
    return true;
  } else if constexpr (!is_container<T>) {
    return Test<T>::value;
  } else {
    return []<class... P>(Parts<P...>) { return (pass<P, Test>() && ...); }(parts<T>{});
  }
}

/// Whether `T` can be made from its leaves alone, in constant expressions.
template <class T>
constexpr bool is_of_numbers_only() {
  if constexpr (!is_container<T>) {
    return true;
  } else if constexpr (!Structure<T>::static_graphs) {
    return false;
  } else if constexpr (kind<T> == Kind::array) {
    using E = typename Structure<T>::element;
    return inert<E> ? stateless<E> : is_of_numbers_only<E>();
  } else {
    return []<class... E>(std::type_identity<std::tuple<E...>>) {
      return ((inert<E> ? stateless<E> : is_of_numbers_only<E>()) && ...);
    }(std::type_identity<typename Structure<T>::elements>{});
  }
}

template <class... T>
struct common;

template <class T>
struct common_leaf : std::type_identity<T> {};
template <>
struct common_leaf<Inert> : std::type_identity<void> {};
template <class T>
requires is_container<T>
struct common_leaf<T> : common_leaf<parts<T>> {
};
template <class... P>
struct common_leaf<Parts<P...>> : common<P...> {};

template <>
struct common<> : std::type_identity<void> {};
template <class T>
struct common<T> : common_leaf<T> {};
template <class A, class B, class... Rest>
struct common<A, B, Rest...> {
  using first = typename common_leaf<A>::type;
  using others = typename common<B, Rest...>::type;
  using type = typename std::conditional_t<
      std::is_void_v<first>, std::type_identity<others>,
      std::conditional_t<std::is_void_v<others>, std::type_identity<first>, std::common_type<first, others>>>::type;
};
template <class A, class... Rest>
struct common<A, A, Rest...> : common<A, Rest...> {};

}  // namespace detail

/// Whether the number of leaves of `T` is only known at run time.
template <class T>
inline constexpr bool run_time_sized = detail::has_run_time_size<std::remove_cvref_t<T>>();

/// The number of leaves of a `T` whose size is fixed.
template <class T>
inline constexpr int leaves = detail::number_of_leaves<std::remove_cvref_t<T>>();
template <class... T>
inline constexpr int leaves_of_all = (0 + ... + leaves<T>);

/// Whether every leaf of `T` is a type for which `Test<leaf>::value` holds.
template <class T, template <class> class Test>
struct all_leaves : std::bool_constant<detail::pass<std::remove_cvref_t<T>, Test>()> {};

/// Whether a `T` is nothing but its leaves, so that it can be made from them, in constant expressions too: it has no
/// inert elements with a value, no run-time size.
template <class T>
inline constexpr bool of_numbers_only = detail::is_of_numbers_only<std::remove_cvref_t<T>>();

/// The common type of the leaves of all `T`; `void` if there are none.
template <class... T>
struct common_leaf : detail::common<std::remove_cvref_t<T>...> {};

/// The number of elements of an array or a product.
template <class T>
inline constexpr std::size_t size = [] {
  if constexpr (kind<T> == Kind::array) {
    return static_cast<std::size_t>(Structure<T>::size);
  } else {
    return std::tuple_size_v<typename Structure<T>::elements>;
  }
}();

namespace detail {

template <class T, std::size_t I>
struct element_in : std::tuple_element<I, typename Structure<T>::elements> {};
template <class T, std::size_t I>
requires(kind<T> == Kind::array) struct element_in<T, I> : std::type_identity<typename Structure<T>::element> {
};

}  // namespace detail

/// The type of element number `I` of an array or a product.
template <class T, std::size_t I>
using element_type = typename detail::element_in<T, I>::type;

/// Element number `I` of an array or a product.
template <std::size_t I, class T>
[[gnu::always_inline]] constexpr auto& element(T& x) {
  using Here = Structure<std::remove_const_t<T>>;
  if constexpr (Here::kind == Kind::array) {
    return Here::at(x, I);
  } else {
    return Here::template at<I>(x);
  }
}

/// The number of leaves before element `K` of container `T`.
template <class T, int K>
inline constexpr int leaves_before = []<std::size_t... I>(std::index_sequence<I...>) {
  return (0 + ... + leaves<detail::part<element_type<T, I>>>);
}
(std::make_index_sequence<static_cast<std::size_t>(K)>{});
template <class T, int K>
requires(kind<T> == Kind::array) inline constexpr int leaves_before<T, K> =
    K * leaves<detail::part<typename Structure<T>::element>>;

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
  } else if constexpr (kind<T> == Kind::array) {
    constexpr int each = leaves<typename Structure<T>::element>;
    return leaf<K % each>(Structure<T>::at(x, K / each));
  } else {
    constexpr int at = element_of_leaf<T, K>();
    return leaf<K - leaves_before<T, at>>(element<static_cast<std::size_t>(at)>(x));
  }
}

/// Calls `f` on every leaf of `x`, in order.
template <class T>
[[gnu::always_inline]] constexpr void for_each_leaf(T& x, auto&& f) {
  using U = std::remove_const_t<T>;
  if constexpr (!is_container<U>) {
    f(x);
  } else if constexpr (inert<U>) {
    return;
  } else if constexpr (kind<U> == Kind::array) {
    for (std::size_t i = 0; i < size<U>; ++i) for_each_leaf(Structure<U>::at(x, i), f);
  } else if constexpr (kind<U> == Kind::sequence) {
    auto at = Structure<U>::first(x);
    for (auto i = x.size(); i > 0; --i) {
      auto&& e = *at++;
      for_each_leaf(e, f);
    }
  } else {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto visit = [&](auto& e) __attribute__((always_inline)) {
        if constexpr (!inert<decltype(e)>) for_each_leaf(e, f);
      };
      (visit(element<I>(x)), ...);
    }
    (std::make_index_sequence<size<U>>{});
  }
}

/// The leaves of `x` as one flat tuple, for leaves of different types.
template <class T>
constexpr auto leaf_tuple(const T& x) {
  if constexpr (!is_container<T>) {
    return std::tuple<T>(x);
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto taken = [](const auto& e) {
        if constexpr (inert<decltype(e)>) {
          return std::tuple<>();
        } else {
          return leaf_tuple(e);
        }
      };
      return std::tuple_cat(taken(element<I>(x))...);
    }
    (std::make_index_sequence<size<T>>{});
  }
}

/// `T` has the same structure as `U`, whatever the leaves.
template <class T, class U>
concept same_structure = std::same_as<rebind<T, double>, rebind<U, double>>;

}  // namespace duet::tree
