// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <string>
#include <vector>

#include <duet/op/error.hpp>
#include <duet/tree/path.hpp>

/// Structures as they are at run time: their sizes, and other leaves in their places.
namespace duet::tree {

/// The number of leaves of `x`.
template <class T>
constexpr std::size_t count_leaves(const T& x) {
  if constexpr (!run_time_sized<T>) {
    return static_cast<std::size_t>(leaves<T>);
  } else {
    std::size_t count = 0;
    for_each_leaf(x, [&](const auto&) { ++count; });
    return count;
  }
}

/// The leaves of `x` in order, as numbers of type `S`.
template <class S, class T>
std::vector<S> leaves_as(const T& x) {
  std::vector<S> all;
  all.reserve(count_leaves(x));
  for_each_leaf(x, [&](const auto& leaf) { all.push_back(S(leaf)); });
  return all;
}

template <class Y, class T, class F, class... More>
[[gnu::always_inline]] constexpr Y map_to(const T& x, F&& f, const More&... more);

namespace detail {

template <class Y, class E, class F, class... More>
[[gnu::always_inline]] constexpr Y map_element_to(const E& e, F& f, const More&... more) {
  if constexpr (inert<E>) {
    return e;
  } else {
    return tree::map_to<Y>(e, f, more...);
  }
}

}  // namespace detail

/// The structure `Y` with the numbers `f(leaf)` in place of the leaves of `x`, which has the same structure and whose
/// leaves are visited in order. Inert elements are copied. Structures `more` of the same shape give `f` further
/// arguments.
template <class Y, class T, class F, class... More>
[[gnu::always_inline]] constexpr Y map_to(const T& x, F&& f, const More&... more) {
  if constexpr (!is_container<T>) {
    return f(x, more...);
  } else if constexpr (inert<T>) {
    return x;
  } else if constexpr (kind<T> == Kind::sequence) {
    using E = std::remove_cvref_t<typename Structure<Y>::element>;
    Y y{};
    auto to = Structure<Y>::start(y, x);
    [&](auto from, auto... others) {
      for (auto i = x.size(); i > 0; --i) *to++ = detail::map_element_to<E>(*from++, f, *others++...);
    }(Structure<T>::first(x), Structure<More>::first(more)...);
    return y;
  } else if constexpr (kind<T> == Kind::array) {
    using E = std::remove_cvref_t<typename Structure<Y>::element>;
    Y y{};
    for (std::size_t i = 0; i < size<T>; ++i) {
      Structure<Y>::at(y, i) = detail::map_element_to<E>(Structure<T>::at(x, i), f, Structure<More>::at(more, i)...);
    }
    return y;
  } else {
    const auto mapped = [&]<std::size_t I>(std::integral_constant<std::size_t, I>) __attribute__((always_inline)) {
      return detail::map_element_to<element_type<Y, I>>(element<I>(x), f, element<I>(more)...);
    };
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      if constexpr (Structure<T>::braces) {
        return Y{mapped(std::integral_constant<std::size_t, I>{})...};
      } else {
        Y y{};
        ((element<I>(y) = mapped(std::integral_constant<std::size_t, I>{})), ...);
        return y;
      }
    }
    (std::make_index_sequence<size<T>>{});
  }
}

/// The structure of `x` with the numbers `f(leaf)`, of type `S`, in place of its leaves.
template <class S, class T, class F, class... More>
[[gnu::always_inline]] constexpr rebind<T, S> map_leaves(const T& x, F&& f, const More&... more) {
  return tree::map_to<rebind<T, S>>(x, f, more...);
}

/// Calls `f(leaf of x, leaf of y)` with all pairs of leaves of two structures of the same shape, in order.
template <class X, class Y>
[[gnu::always_inline]] constexpr void for_each_pair(const X& x, const Y& y, auto&& f) {
  if constexpr (!is_container<X>) {
    f(x, y);
  } else if constexpr (inert<X>) {
    return;
  } else if constexpr (kind<X> == Kind::sequence) {
    auto from = Structure<X>::first(x);
    auto other = Structure<Y>::first(y);
    for (auto i = x.size(); i > 0; --i) for_each_pair(*from++, *other++, f);
  } else if constexpr (kind<X> == Kind::array) {
    for (std::size_t i = 0; i < size<X>; ++i) for_each_pair(Structure<X>::at(x, i), Structure<Y>::at(y, i), f);
  } else {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto visit = [&](const auto& a, const auto& b) __attribute__((always_inline)) {
        if constexpr (!inert<decltype(a)>) for_each_pair(a, b, f);
      };
      (visit(element<I>(x), element<I>(y)), ...);
    }
    (std::make_index_sequence<size<X>>{});
  }
}

namespace detail {

/// A trail that nobody reads.
struct Silent {
  constexpr Silent at(std::size_t) const { return {}; }
};

/// Calls `report(trail, size, other size)` for the first sequence in `x` that is not as large as that in `y`, and
/// returns whether there is none.
template <class X, class Y, class Path, class Report>
constexpr bool compare_sizes(const X& x, const Y& y, const Path& trail, const Report& report) {
  if constexpr (!run_time_sized<X>) {
    return true;
  } else if constexpr (kind<X> == Kind::sequence) {
    if (!Structure<X>::same_size(x, y)) {
      report(trail, static_cast<std::size_t>(x.size()), static_cast<std::size_t>(y.size()));
      return false;
    }
    if constexpr (run_time_sized<part<typename Structure<X>::element>>) {
      auto one = Structure<X>::first(x);
      auto other = Structure<Y>::first(y);
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!compare_sizes(*one++, *other++, trail.at(i), report)) return false;
      }
    }
    return true;
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto compare = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
        if constexpr (inert<element_type<X, K>>) {
          return true;
        } else if constexpr (std::is_same_v<Path, Silent>) {
          return compare_sizes(element<K>(x), element<K>(y), trail, report);
        } else {
          return compare_sizes(element<K>(x), element<K>(y), to_element<X, K>(trail), report);
        }
      };
      return (compare(std::integral_constant<std::size_t, I>{}) && ...);
    }
    (std::make_index_sequence<size<X>>{});
  }
}

}  // namespace detail

/// Whether all sequences in `x` and `y`, which have the same structure, are of the same size.
template <class X, class Y>
constexpr bool same_shape(const X& x, const Y& y) {
  return detail::compare_sizes(x, y, detail::Silent{}, [](const auto&...) {});
}

/// Throws a `ShapeError` with `sentence` and the path of the first sequence in `given` that is not as large as that in
/// `expected`, which has the same structure.
template <class X, class Y>
constexpr void require_same_shape(const X& expected, const Y& given, const char* sentence) {
  if (tree::same_shape(expected, given)) return;
  detail::compare_sizes(expected, given, Trail{}, [&](const Trail& trail, std::size_t wanted, std::size_t size) {
    Trail text = Trail{}.plus(" (");
    if (trail.length > 0) text = text.plus("at ").plus(trail.text).plus(": ");
    text =
        wanted == size ? text.plus("another shape") : text.plus("size ").plus(size).plus(" instead of ").plus(wanted);
    throw ShapeError(std::string(sentence) + text.plus(")").text);
  });
}

}  // namespace duet::tree
