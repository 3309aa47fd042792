// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>

#include <duet/expr/formula.hpp>

/// The leaves of expressions: what their formulas are functions of.
namespace duet::expr {

/// The level of free-standing expressions, those made from `duet::arg<I>`. A callable that is recorded as an expression
/// has a level of its own, so that the arguments of nested derivatives are told apart.
struct Free {};

/// Argument number `I` of level `Level`. The type says all: two leaves of this type are one.
template <int I, class Level>
struct Slot {};

/// A number that is part of the type.
struct Double {
  double value;  // in a class, since clang 16 has no template arguments that are plain doubles
};
template <Double X>
struct Number {};

/// A value known at run time only. Two of one type may differ, and no type can tell: each is a leaf of its own.
template <class S>
struct Held {
  S value;
};

/// The number of a leaf among the arguments of `Level`, -1 if it is none.
template <class Level, class Leaf>
inline constexpr int argument_index = -1;
template <class Level, int I>
inline constexpr int argument_index<Level, Slot<I, Level>> = I;

/// A leaf's number, if the type says it.
template <class Leaf>
inline constexpr const Double* known_number = nullptr;
template <Double X>
inline constexpr const Double* known_number<Number<X>> = &X;

/// Whether a leaf takes a value from outside when the arguments are those of `Level`.
template <class Level, class Leaf>
inline constexpr bool is_outer = argument_index<Level, Leaf> < 0 && known_number<Leaf> == nullptr;

/// Leaves in a list. Only values need a place.
template <class... Leaf>
struct Leaves {
  std::tuple<Leaf...> all;

  constexpr explicit Leaves(const Leaf&... leaf) : all(leaf...) {}
  template <int K>
  constexpr const auto& get() const {
    return std::get<static_cast<std::size_t>(K)>(all);
  }
};
template <class... Leaf>
requires(std::is_empty_v<Leaf>&&...) struct Leaves<Leaf...> {
  constexpr Leaves() = default;
  constexpr explicit Leaves(const Leaf&...) requires(sizeof...(Leaf) > 0) {}
  template <int K>
  constexpr auto get() const {
    return std::tuple_element_t<static_cast<std::size_t>(K), std::tuple<Leaf...>>();
  }
};

/// The leaves of several lists, one after the other.
template <class... L>
constexpr Leaves<L...> join(const Leaves<L...>& list) {
  return list;
}
template <class... L, class... M, class... Rest>
constexpr auto join(const Leaves<L...>& a, const Leaves<M...>& b, const Rest&... rest) {
  return [&]<int... I, int... J>(std::integer_sequence<int, I...>, std::integer_sequence<int, J...>) {
    return join(Leaves<L..., M...>(a.template get<I>()..., b.template get<J>()...), rest...);
  }
  (std::make_integer_sequence<int, sizeof...(L)>{}, std::make_integer_sequence<int, sizeof...(M)>{});
}

/// How the leaves in a list become inputs of one formula: `kept[k]` is the leaf for input k, `place[i]` the operand
/// that leaf i becomes. Leaves that are the same share an input.
template <class List>
struct Union;
template <class... Leaf>
struct Union<Leaves<Leaf...>> {
  static constexpr int size = sizeof...(Leaf);
  int kept[size + 1]{};
  Operand place[size + 1]{};
  int count = 0;

  constexpr Union() {
    const int first[] = {first_like<Leaf>()..., size};
    for (int i = 0; i < size; ++i) {
      place[i] = first[i] < i ? place[first[i]] : first_input + count;
      if (first[i] >= i) kept[count++] = i;
    }
  }

 private:
  /// The first leaf that is the same as all of type `Wanted`; values are like none.
  template <class Wanted>
  static constexpr int first_like() {
    if (!std::is_empty_v<Wanted>) return size;
    const bool same[] = {std::is_same_v<Wanted, Leaf>...};
    int i = 0;
    while (!same[i]) ++i;
    return i;
  }
};

}  // namespace duet::expr
