// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include <duet/expr/formula.hpp>

/// What the formulas of expressions are functions of: leaves, which are types, and values, which are known at run time.
namespace duet::expr {

/// The level of free-standing expressions, those made from `duet::arg<I>`. A callable that is recorded as an expression
/// has a level of its own, so that the arguments of nested derivatives are told apart.
struct Free {};

/// Argument number `I` of level `Level`.
template <int I, class Level>
struct Slot {};

/// A number that is part of the type.
struct Double {
  double value;  // in a class, since clang 16 has no template arguments that are plain doubles
};
template <Double X>
struct Number {};

/// The number of a leaf among the arguments of `Level`, -1 if it is none.
template <class Level, class Leaf>
inline constexpr int argument_index = -1;
template <class Level, int I>
inline constexpr int argument_index<Level, Slot<I, Level>> = I;

/// Whether a leaf is a number, and which.
template <class Leaf>
inline constexpr bool is_known = false;
template <Double X>
inline constexpr bool is_known<Number<X>> = true;
template <class Leaf>
inline constexpr double known_number = 0;
template <Double X>
inline constexpr double known_number<Number<X>> = X.value;

/// Whether a leaf comes from outside when the arguments are those of `Level`: it belongs to another level.
template <class Level, class Leaf>
inline constexpr bool is_outer = argument_index<Level, Leaf> < 0 && !is_known<Leaf>;

template <class... Leaf>
struct Leaves {
  template <int K>
  using at = std::tuple_element_t<static_cast<std::size_t>(K), std::tuple<Leaf...>>;
};

template <class... Lists>
struct joined {
  using type = Leaves<>;
};
template <class... L>
struct joined<Leaves<L...>> {
  using type = Leaves<L...>;
};
template <class... L, class... M, class... Rest>
struct joined<Leaves<L...>, Leaves<M...>, Rest...> : joined<Leaves<L..., M...>, Rest...> {};

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
      place[i] = first[i] < i ? place[first[i]] : first_leaf + count;
      if (first[i] == i) kept[count++] = i;
    }
  }

 private:
  template <class Wanted>
  static constexpr int first_like() {
    const bool same[] = {std::is_same_v<Wanted, Leaf>...};
    int i = 0;
    while (!same[i]) ++i;
    return i;
  }
};

/// Values known at run time only, as a row. Two of them may differ, and no type can tell: each has a place of its own.
template <class S, int Size>
struct Values {
  static constexpr int size = Size;
  using number = S;
  S all[Size];

  template <int K>
  [[gnu::always_inline]] constexpr const S& get() const {
    return all[K];
  }
};
struct NoValues {
  static constexpr int size = 0;
  using number = void;
};

/// The values of several expressions, one after the other.
template <class V>
[[gnu::always_inline]] constexpr V joined_values(const V& v) {
  return v;
}
template <class V, class W, class... Rest>
[[gnu::always_inline]] constexpr auto joined_values(const V& v, const W& w, const Rest&... rest) {
  if constexpr (W::size == 0) {
    return joined_values(v, rest...);
  } else if constexpr (V::size == 0) {
    return joined_values(w, rest...);
  } else {
    return [&]<int... I, int... J>(std::integer_sequence<int, I...>, std::integer_sequence<int, J...>) {
      using S = std::common_type_t<typename V::number, typename W::number>;
      return joined_values(Values<S, V::size + W::size>{{S(v.all[I])..., S(w.all[J])...}}, rest...);
    }
    (std::make_integer_sequence<int, V::size>{}, std::make_integer_sequence<int, W::size>{});
  }
}

}  // namespace duet::expr
