// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/forward/number.hpp>

/// Levels of differentiation: which number is the outer one when two of them meet, and how a number looks from a level.
/// A number of a level is a perturbed one: it consists of scalars, a primal and what belongs to the level's `tag`. It
/// is a template of the scalar (`on<S>`) and can be mapped scalar by scalar.
namespace duet::level {

template <class X>
concept perturbed = requires {
  typename X::tag;
  typename X::template on<typename X::scalar>;
};

/// Whether `D` occurs among the scalars of `X`, strictly inside.
template <class D, class X>
inline constexpr bool below = false;
template <class D, perturbed X>
inline constexpr bool below<D, X> = std::same_as<D, typename X::scalar> || below<D, typename X::scalar>;

/// Whether `Tag` marks a level strictly inside `X`.
template <class Tag, class X>
inline constexpr bool tag_inside = false;
template <class Tag, perturbed X>
inline constexpr bool tag_inside<Tag, X> = [] {
  using T = typename X::scalar;
  if constexpr (perturbed<T>) {
    return std::same_as<typename T::tag, Tag> || tag_inside<Tag, T>;
  } else {
    return false;
  }
}();

/// The number whose level an operation on `A` and `B` happens at. Where both orders would do, the left one wins: nested
/// perturbations commute, and whoever extracts a derivative looks for its tag at any depth.
template <class A, class B>
struct outer {
  using type = A;
};
template <class A, class B>
requires(!perturbed<A> && perturbed<B>) struct outer<A, B> {
  using type = B;
};
template <class A, class B>
requires(perturbed<A>&& perturbed<B>) struct outer<A, B> {
  static constexpr bool second = [] {
    if constexpr (std::same_as<typename A::engine, typename B::engine>) {
      return below<A, B> || (!below<B, A> && tag_inside<typename A::tag, B> && !tag_inside<typename B::tag, A>);
    } else {
      return A::rank < B::rank;  // as the engine was chosen
    }
  }();
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

/// Whether `X` is of the level of `Outer` at its top.
template <class X, class Outer>
inline constexpr bool at_top = false;
template <perturbed X, class Outer>
inline constexpr bool at_top<X, Outer> =
    std::same_as<typename X::template on<void>, typename Outer::template on<void>> && !below<X, Outer>;

/// Whether `X` carries anything of the level of `Outer` at all.
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

/// The part of `x` without what belongs to `Outer`'s level. The condition of a choice stays one: not every number can
/// be asked whether it is true.
template <class Outer, class X>
[[gnu::always_inline]] constexpr auto primal(const X& x) {
  if constexpr (at_top<X, Outer>) {
    return x.primal();
  } else if constexpr (carries<X, Outer>) {
    return x.map([](const auto& part) { return level::primal<Outer>(part); });
  } else if constexpr (std::is_arithmetic_v<X> && !std::same_as<X, bool>) {
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
    return x.map([i](const auto& part) { return tangent<Outer>(part, i); });
  } else {
    return decltype(level::primal<Outer>(x))(0);
  }
}

/// What the engines of perturbed numbers do alike: a predicate asks the primals, a flat row has no derivative. The rest
/// is up to `E::propagate<Op, Outer, Result>(indices, x...)`, which gives a `Result` of the level of `Outer`.
template <class E>
struct Engine {
  template <class Op, class... X>
  [[gnu::always_inline]] static constexpr auto apply(const X&... x) {
    using Outer = typename outermost<X...>::type;
    if constexpr (Op::kind == op::Kind::predicate) {
      return op::apply<Op>(level::primal<Outer>(x)...);
    } else {
      using T = typename op::kept<decltype(op::apply<Op>(level::primal<Outer>(x)...))>::type;
      using Result = typename Outer::template on<T>;
      if constexpr (Op::kind == op::Kind::flat) {
        return Result(T(op::apply<Op>(level::primal<Outer>(x)...)));
      } else {
        return E::template propagate<Op, Outer, Result>(std::index_sequence_for<X...>{}, x...);
      }
    }
  }
};

}  // namespace duet::level
