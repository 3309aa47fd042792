// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>

#include <duet/tree/tree.hpp>

/// Structures whose size is only known at run time: sequences of structures, like std::vector, and xtensor's arrays.
namespace xt {

// Declared, not included: whoever has no xtensor arrays pays nothing for them.
enum class layout_type;
template <class Storage, std::size_t N, layout_type L, class Tag>
class xtensor_container;
template <class Storage, layout_type L, class Shape, class Tag>
class xarray_container;

}  // namespace xt

namespace duet::tree {

/// A container that can be gone through and resized.
template <class T>
concept sequence = requires(T& x) {
  x.begin();
  x.size();
  x.resize(1);
};

/// A structure of some number of `T`s. It has no constant `leaves`.
template <class T>
struct Sequence {
  static constexpr bool container = true;
  using element = T;
};

template <template <class, class> class C, class T, class A>
requires sequence<C<T, A>>
struct Structure<C<T, A>> : Sequence<T> {
};
template <class Storage, std::size_t N, xt::layout_type L, class Tag>
struct Structure<xt::xtensor_container<Storage, N, L, Tag>> : Sequence<typename Storage::value_type> {};
template <class Storage, xt::layout_type L, class Shape, class Tag>
struct Structure<xt::xarray_container<Storage, L, Shape, Tag>> : Sequence<typename Storage::value_type> {};

/// Whether `T` is a sequence, not only something that contains one.
template <class T>
concept is_sequence = requires {
  typename Structure<T>::element;
};

template <template <class, class> class C, class T, class A, class S>
requires is_sequence<C<T, A>>
struct rebound<C<T, A>, S> {
  using element = typename rebound<T, S>::type;
  using type = C<element, typename std::allocator_traits<A>::template rebind_alloc<element>>;
};
template <class Storage, std::size_t N, xt::layout_type L, class Tag, class S>
struct rebound<xt::xtensor_container<Storage, N, L, Tag>, S> {
  using type = xt::xtensor_container<typename rebound<Storage, S>::type, N, L, Tag>;
};
template <class Storage, xt::layout_type L, class Shape, class Tag, class S>
struct rebound<xt::xarray_container<Storage, L, Shape, Tag>, S> {
  using type = xt::xarray_container<typename rebound<Storage, S>::type, L, Shape, Tag>;
};

template <is_sequence T>
struct common_leaf<T> : common_leaf<typename Structure<T>::element> {};
template <is_sequence T, template <class> class Test>
struct all_leaves<T, Test> : all_leaves<typename Structure<T>::element, Test> {};

/// Whether the number of leaves of `T` is only known at run time.
template <class T>
inline constexpr bool run_time_sized = !requires {
  Structure<T>::leaves;
};
template <class T, std::size_t N>
inline constexpr bool run_time_sized<std::array<T, N>> = run_time_sized<T>;
template <class... T>
inline constexpr bool run_time_sized<std::tuple<T...>> = (run_time_sized<T> || ...);
template <class A, class B>
inline constexpr bool run_time_sized<std::pair<A, B>> = run_time_sized<A> || run_time_sized<B>;

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

/// Makes `y` as large as `x`.
template <class Y, class X>
constexpr void resize_like(Y& y, const X& x) {
  if constexpr (requires { y.resize(x.shape()); }) {
    y.resize(x.shape());
  } else {
    y.resize(x.size());
  }
}

/// The structure of `x` with the numbers `f(leaf)`, of type `S`, in place of its leaves, which are visited in order.
template <class S, class T, class F>
[[gnu::always_inline]] constexpr rebind<T, S> map_leaves(const T& x, F&& f) {
  if constexpr (!is_container<T>) {
    return f(x);
  } else if constexpr (is_sequence<T>) {
    rebind<T, S> y{};
    resize_like(y, x);
    auto to = y.begin();
    for (const auto& element : x) *to++ = map_leaves<S>(element, f);
    return y;
  } else if constexpr (requires { x.data(); }) {
    rebind<T, S> y{};
    for (std::size_t i = 0; i < std::tuple_size_v<T>; ++i) y.data()[i] = map_leaves<S>(x.data()[i], f);
    return y;
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return rebind<T, S>{map_leaves<S>(std::get<I>(x), f)...};
    }
    (std::make_index_sequence<std::tuple_size_v<T>>{});
  }
}

/// Whether all sequences in `x` and `y`, which have the same structure, are of the same size.
template <class X, class Y>
constexpr bool same_shape(const X& x, const Y& y) {
  if constexpr (!run_time_sized<X>) {
    return true;
  } else if constexpr (is_sequence<X>) {
    if constexpr (requires { x.shape() == y.shape(); }) {
      if (!(x.shape() == y.shape())) return false;
    }
    if (x.size() != y.size()) return false;
    if constexpr (run_time_sized<typename Structure<X>::element>) {
      auto other = y.begin();
      for (const auto& element : x) {
        if (!tree::same_shape(element, *other++)) return false;
      }
    }
    return true;
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (tree::same_shape(std::get<I>(x), std::get<I>(y)) && ...);
    }
    (std::make_index_sequence<std::tuple_size_v<X>>{});
  }
}

}  // namespace duet::tree
