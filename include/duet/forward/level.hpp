// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/number.hpp>

/// Levels of differentiation: which dual is the outer one when two of them meet, and how a number looks from a level.
namespace duet::level {

/// Whether `D` occurs among the scalars of `X`, strictly inside.
template <class D, class X>
inline constexpr bool below = false;
template <class D, class T, int N, class Tag>
inline constexpr bool below<D, Dual<T, N, Tag>> = std::same_as<D, T> || below<D, T>;

/// Whether `Tag` marks a level strictly inside `X`.
template <class Tag, class X>
inline constexpr bool tag_inside = false;
template <class Tag, class T, int N, class OwnTag>
inline constexpr bool tag_inside<Tag, Dual<T, N, OwnTag>> = [] {
  if constexpr (is_dual<T>) {
    return std::same_as<typename T::tag, Tag> || tag_inside<Tag, T>;
  } else {
    return false;
  }
}();

/// The dual whose level an operation on `A` and `B` happens at. Where both orders would do, the left one wins: nested
/// perturbations commute, and whoever extracts a derivative looks for its tag at any depth.
template <class A, class B>
struct outer {
  using type = A;
};
template <class A, class B>
requires(!is_dual<A> && is_dual<B>) struct outer<A, B> {
  using type = B;
};
template <class A, class B>
requires(is_dual<A>&& is_dual<B>) struct outer<A, B> {
  static constexpr bool second =
      below<A, B> || (!below<B, A> && tag_inside<typename A::tag, B> && !tag_inside<typename B::tag, A>);
  using type = std::conditional_t<second, B, A>;
};

template <class... X>
struct outermost;
template <class X>
struct outermost<X> {
  using type = X;
};
template <class A, class B, class... Rest>
struct outermost<A, B, Rest...> : outermost<typename outer<A, B>::type, Rest...> {};

/// Whether `X` carries tangents of the level of `Outer` at its top.
template <class X, class Outer>
inline constexpr bool at_top = false;
template <class T, int N, class Tag, class Outer>
inline constexpr bool at_top<Dual<T, N, Tag>, Outer> =
    std::same_as<Tag, typename Outer::tag>&& N == Outer::directions && !below<Dual<T, N, Tag>, Outer>;

/// Whether `X` carries tangents of the level of `Outer` at all.
template <class X, class Outer>
inline constexpr bool carries = at_top<X, Outer> ||
                                (!std::same_as<typename Outer::tag, void> && tag_inside<typename Outer::tag, X>);

/// The plain number at the bottom of `T`, which integers become before they meet others: in a rule 1 / 4 would be 0.
template <class T>
struct passive_number : std::type_identity<double> {};
template <passive T>
struct passive_number<T> : std::type_identity<T> {};
template <active T>
requires requires { typename T::scalar; }
struct passive_number<T> : passive_number<typename T::scalar> {};

/// The part of `x` without tangents of `Outer`'s level.
template <class Outer, class X>
[[gnu::always_inline]] constexpr auto primal(const X& x) {
  if constexpr (at_top<X, Outer>) {
    return x.primal();
  } else if constexpr (carries<X, Outer>) {
    using P = decltype(primal<Outer>(x.primal()));
    std::array<P, X::directions> tangents;
    for (int i = 0; i < X::directions; ++i) tangents[i] = primal<Outer>(x.tangent(i));
    return Dual<P, X::directions, typename X::tag>(primal<Outer>(x.primal()), tangents);
  } else if constexpr (std::is_arithmetic_v<X>) {
    return static_cast<typename passive_number<typename Outer::scalar>::type>(x);
  } else if constexpr (integral_constant<X>) {
    return static_cast<typename passive_number<typename Outer::scalar>::type>(X::value);
  } else {
    return x;
  }
}

/// The tangent of `x` in direction `i` of `Outer`'s level.
template <class Outer, class X>
[[gnu::always_inline]] constexpr auto tangent(const X& x, int i) {
  if constexpr (at_top<X, Outer>) {
    return x.tangent(i);
  } else if constexpr (carries<X, Outer>) {
    using P = decltype(tangent<Outer>(x.primal(), i));
    std::array<P, X::directions> tangents;
    for (int j = 0; j < X::directions; ++j) tangents[j] = tangent<Outer>(x.tangent(j), i);
    return Dual<P, X::directions, typename X::tag>(tangent<Outer>(x.primal(), i), tangents);
  } else {
    return decltype(primal<Outer>(x))(0);
  }
}

}  // namespace duet::level
