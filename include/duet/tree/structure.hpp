// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>  // std::allocator_traits, and vectors

#include <duet/op/active.hpp>

/// What types are made of. `Structure<T>` is the one place that describes a type; everything else in this room is
/// written in terms of it.
namespace xt {

// Declared, not included: whoever has no xtensor arrays pays nothing for them.
enum class layout_type;
template <class Storage, std::size_t N, layout_type L, class Tag>
class xtensor_container;
template <class Storage, layout_type L, class Shape, class Tag>
class xarray_container;

}  // namespace xt

namespace duet::tree {

enum class Kind {
  leaf,      ///< a number, or anything else that is not looked into
  array,     ///< a fixed number of elements of one type: `element`, `size`, `at(x, i)`
  product,   ///< a fixed number of elements of any types: `elements` (a std::tuple), `at<I>(x)`, perhaps `name<I>()`
  sequence,  ///< any number of elements of one type: `element`, `first(x)`, `start(y, x)`, `same_size(x, y)`
};

/// How `T` is made of elements. All kinds but leaves have
/// - `rebound<S>`, the same structure with `S` in place of every leaf,
/// - `static_graphs`, whether `T` can be used in constant expressions, as the recording of static graphs does,
/// arrays and products also `braces`, whether they are made by `T{elements...}`; else elements are assigned. What has
/// operators `+`, `*` and so on of its own says `has_arithmetic`.
template <class T>
struct Structure {
  static constexpr Kind kind = Kind::leaf;
};

template <class T>
inline constexpr Kind kind = Structure<std::remove_cvref_t<T>>::kind;
template <class T>
inline constexpr bool is_container = kind<T> != Kind::leaf;

/// A number that can be differentiated.
template <class T>
concept number = std::floating_point<T> || active<T> || batch<T> ||(is_number<T> && !std::is_arithmetic_v<T>);

namespace detail {

template <class T>
struct differentiable : std::bool_constant<number<T>> {};
template <class... T>
struct any_differentiable : std::bool_constant<(differentiable<std::remove_cvref_t<T>>::value || ...)> {};
template <class T>
requires(kind<T> == Kind::array || kind<T> == Kind::sequence)  //
    struct differentiable<T> : any_differentiable<typename Structure<T>::element> {
};
template <class>
struct in_elements;
template <class... E>
struct in_elements<std::tuple<E...>> : any_differentiable<E...> {};
template <class T>
requires(kind<T> == Kind::product) struct differentiable<T> : in_elements<typename Structure<T>::elements> {
};

}  // namespace detail

/// Whether something in `T` can be differentiated.
template <class T>
inline constexpr bool differentiable = detail::differentiable<std::remove_cvref_t<T>>::value;

/// An element of a structure in which nothing can be differentiated: an integer, a flag, a string, an array of them. It
/// has no leaves, stays what it is when the structure is rebound, and is copied along.
template <class T>
concept inert = !differentiable<T>;

/// An inert element of which there is only one value.
template <class T>
concept stateless = inert<T> && std::is_empty_v<T> && std::is_default_constructible_v<T>;

/// The structure `T` with `S` in place of every leaf; a `T` that is no container is taken for a leaf. A structure that
/// can't hold other numbers (a struct that is no template) stays what it is.
template <class T, class S>
struct rebound : std::type_identity<S> {};
template <class T, class S>
requires is_container<T>
struct rebound<T, S> {
  template <class U>
  static auto with(int) -> std::type_identity<typename U::template rebound<S>>;
  template <class>
  static std::type_identity<T> with(...);
  using type = typename decltype(with<Structure<T>>(0))::type;
};
template <class T, class S>
using rebind = typename rebound<std::remove_cvref_t<T>, S>::type;

/// The same for an element of a structure, which may be inert.
template <class E, class S>
using rebind_element = typename std::conditional_t<inert<E>, std::type_identity<std::remove_cvref_t<E>>,
                                                   rebound<std::remove_cvref_t<E>, S>>::type;

template <class T, std::size_t N>
struct Structure<std::array<T, N>> {
  static constexpr Kind kind = Kind::array;
  static constexpr bool static_graphs = true, braces = true;
  static constexpr int size = static_cast<int>(N);
  using element = T;
  template <class S>
  using rebound = std::array<rebind_element<T, S>, N>;

  [[gnu::always_inline]] static constexpr auto& at(auto& x, std::size_t i) { return x[i]; }
};

template <class... T>
struct Structure<std::tuple<T...>> {
  static constexpr Kind kind = Kind::product;
  static constexpr bool static_graphs = true, braces = true;
  using elements = std::tuple<std::remove_cvref_t<T>...>;
  template <class S>
  using rebound = std::tuple<rebind_element<T, S>...>;

  template <std::size_t I>
  [[gnu::always_inline]] static constexpr auto& at(auto& x) {
    return std::get<I>(x);
  }
};
template <class A, class B>
struct Structure<std::pair<A, B>> : Structure<std::tuple<A, B>> {
  template <class S>
  using rebound = std::pair<rebind_element<A, S>, rebind_element<B, S>>;
};

/// A container that can be gone through and resized.
template <class T>
concept sequence = requires(T& x) {
  x.begin();
  x.size();
  x.resize(1);
  typename T::allocator_type;
};

/// Some number of `T`s, known at run time only.
template <class T>
struct Sequence {
  static constexpr Kind kind = Kind::sequence;
  static constexpr bool static_graphs = false;
  using element = T;

  static constexpr auto first(auto& x) { return x.begin(); }
  /// Where the elements of `y` go, which is to be as long as `x`.
  static constexpr auto start(auto& y, const auto& x) {
    if constexpr (requires { y.resize(x.shape()); }) {
      y.resize(x.shape());
    } else {
      y.resize(x.size());
    }
    return y.begin();
  }
  static constexpr bool same_size(const auto& x, const auto& y) {
    if constexpr (requires { x.shape() == y.shape(); }) {
      if (!(x.shape() == y.shape())) return false;
    }
    return x.size() == y.size();
  }
};

template <template <class, class> class C, class T, class A>
requires sequence<C<T, A>> && std::is_same_v<typename C<T, A>::allocator_type, A>  // no string
struct Structure<C<T, A>> : Sequence<T> {
  template <class S>
  using rebound =
      C<rebind_element<T, S>, typename std::allocator_traits<A>::template rebind_alloc<rebind_element<T, S>>>;
};
template <class Storage, std::size_t N, xt::layout_type L, class Tag>
struct Structure<xt::xtensor_container<Storage, N, L, Tag>> : Sequence<typename Storage::value_type> {
  template <class S>
  using rebound = xt::xtensor_container<rebind<Storage, S>, N, L, Tag>;
  static constexpr bool has_arithmetic = true;
};
template <class Storage, xt::layout_type L, class Shape, class Tag>
struct Structure<xt::xarray_container<Storage, L, Shape, Tag>> : Sequence<typename Storage::value_type> {
  template <class S>
  using rebound = xt::xarray_container<rebind<Storage, S>, L, Shape, Tag>;
  static constexpr bool has_arithmetic = true;
};

}  // namespace duet::tree
