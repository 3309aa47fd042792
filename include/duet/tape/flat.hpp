// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/table.hpp>
#include <duet/tree/path.hpp>
#include <duet/tree/row.hpp>
#include <duet/tree/sequence.hpp>

/// From a user's function of structures to what the engines differentiate: a function of a row of variables and a row
/// of parameters.
namespace duet {

/// Names the arguments to differentiate with respect to; none named means all.
template <int... I>
struct Wrt {};
/// Names parts of arguments, see transform/named.hpp.
template <tree::Path... P>
struct WrtNamed {};

namespace tape {

/// The position of an argument, or the path to a part of one.
template <std::size_t N>
struct Selector {
  int position;
  tree::Path<N> path{};

  constexpr Selector(int argument) : position(argument) {}
  constexpr Selector(const char (&name)[N]) : position(-1), path(name) {}
  static constexpr bool is_position = N == 1;
};
Selector(int)->Selector<1>;

template <Selector... S>
constexpr auto selected_by() {
  if constexpr ((S.is_position && ...)) {
    return Wrt<S.position...>{};
  } else {
    static_assert((!S.is_position && ...), "duet: wrt<...> takes positions of arguments or names, not both");
    return WrtNamed<S.path...>{};
  }
}

}  // namespace tape

/// What to differentiate with respect to: `wrt<0, 2>`, the arguments at these positions, or `wrt<"camera.focal">`,
/// these parts of an argument.
template <tape::Selector... S>
inline constexpr auto wrt = tape::selected_by<S...>();

namespace tape {

template <class W>
struct Selection;
template <int... I>
struct Selection<Wrt<I...>> {
  static constexpr bool has(int argument) { return sizeof...(I) == 0 || ((argument == I) || ...); }
  static constexpr int largest = [] {
    int result = -1;
    ((result = I > result ? I : result), ...);
    return result;
  }();
};

/// Whether an argument can be differentiated.
template <class T>
inline constexpr bool can_vary = tree::differentiable<T>;

/// Whether a parameter goes along as numbers; anything else (integers, strings, vectors, ...) stays with the function
/// as it is.
template <class T>
inline constexpr bool is_numeric = can_vary<T>&& tree::of_numbers_only<T>&& tree::rigid<T>::fits;

template <class T>
    struct is_expression : std::bool_constant < requires {
  T::arity;
} > {};
template <class T>
struct is_not_expression : std::bool_constant<!is_expression<T>::value> {};
template <class T>
inline constexpr bool has_expression = !tree::all_leaves<T, is_not_expression>::value;

/// Calls `f` with numbers that record or carry derivatives.
template <class F, class... X>
[[gnu::always_inline]] constexpr decltype(auto) call_with(const F& f, X&&... x) {
  static_assert(std::invocable<const F&, X...>,
                "duet: the function can't be called with these arguments as differentiated numbers; check their "
                "count, and make the parameters generic (auto, or a template) instead of double");
  return f(std::forward<X>(x)...);
}

/// A type, or a tuple of several.
template <class>
struct unwrapped;
template <class... T>
struct unwrapped<std::tuple<std::type_identity<T>...>> {
  using type = std::tuple<T...>;
};
template <class T>
struct unwrapped<std::tuple<std::type_identity<T>>> {
  using type = T;
};

/// The calls with arguments `Args...` of function `F`, differentiated with respect to `W`, as a flat function. It is
/// empty if `F` is and every argument is numeric.
template <class F, class W, class... Args>
class Flat {
  using Selected = Selection<W>;
  static constexpr std::size_t count = sizeof...(Args);

  template <int K>
  using Arg = std::tuple_element_t<static_cast<std::size_t>(K), std::tuple<Args...>>;
  template <int K>
  static constexpr bool is_variable = Selected::has(K);
  template <int K>
  static constexpr bool is_parameter = !Selected::has(K) && is_numeric<Arg<K>>;

  template <int K>
  static constexpr bool is_kept = is_variable<K> ? !tree::of_numbers_only<Arg<K>> : !is_parameter<K>;

  /// Keeps an argument that is neither variable nor parameter, or a variable with elements that are no numbers.
  template <int K, bool Kept = is_kept<K>>
  struct Slot {
    constexpr Slot() = default;
    constexpr explicit Slot(const Arg<K>&) {}
  };
  template <int K>
  struct Slot<K, true> {
    const Arg<K>& value;
    constexpr explicit Slot(const Arg<K>& x) : value(x) {}
  };
  template <class>
  struct Slots;
  template <int... K>
  struct Slots<std::integer_sequence<int, K...>> : Slot<K>... {
    constexpr Slots() = default;
    constexpr explicit Slots(const Args&... x) : Slot<K>(x)... {}
  };
  using Indices = std::make_integer_sequence<int, static_cast<int>(count)>;

  template <class Test>
  static constexpr int leaves_where(int before, Test) {
    const auto leaves_of = [&]<int K>(std::integral_constant<int, K> k) {
      if constexpr (Test{}(k)) {
        return K < before ? tree::leaves<Arg<K>> : 0;
      } else {
        return 0;
      }
    };
    return [&]<int... K>(std::integer_sequence<int, K...>) {
      return (0 + ... + leaves_of(std::integral_constant<int, K>{}));
    }
    (Indices{});
  }
  static constexpr int variables_before(int k) {
    return leaves_where(k, [](auto i) { return is_variable<i>; });
  }
  static constexpr int parameters_before(int k) {
    return leaves_where(k, [](auto i) { return is_parameter<i>; });
  }

  /// The row of those arguments for which `Take` holds.
  template <bool... Take>
  struct Chosen {
    using number = std::conditional_t<(has_expression<Args> || ...), std::type_identity<void>,
                                      tree::common_leaf<std::conditional_t<Take, Args, std::tuple<>>...>>::type;
    template <class>
    struct RowOf;
    template <class... T>
    struct RowOf<std::tuple<std::type_identity<T>...>> {
      using type = tree::Structures<number, T...>;
    };
    using row = typename RowOf<decltype(std::tuple_cat(
        std::declval<std::conditional_t<Take, std::tuple<std::type_identity<Args>>, std::tuple<>>>()...))>::type;

    [[gnu::always_inline]] static constexpr row of(const Args&... x) { return {std::tuple_cat(tie<Take>(x)...)}; }
    template <bool T, class X>
    [[gnu::always_inline]] static constexpr auto tie(const X& x) {
      if constexpr (T) {
        return std::tuple<const X&>(x);
      } else {
        return std::tuple<>();
      }
    }
  };
  template <class>
  struct Choices;
  template <int... K>
  struct Choices<std::integer_sequence<int, K...>> {
    using variables = Chosen<is_variable<K>...>;
    using parameters = Chosen<is_parameter<K>...>;
  };

  template <class>
  struct StructureOf;
  template <bool... Take>
  struct StructureOf<Chosen<Take...>>
      : unwrapped<decltype(std::tuple_cat(
            std::declval<std::conditional_t<Take, std::tuple<std::type_identity<Args>>, std::tuple<>>>()...))> {};

 public:
  static constexpr int variables = variables_before(static_cast<int>(count));
  static constexpr int parameters = parameters_before(static_cast<int>(count));

  /// The leaves of the variables and those of the parameters, as rows.
  using variable_row = typename Choices<Indices>::variables::row;
  using parameter_row = typename Choices<Indices>::parameters::row;

  constexpr Flat() = default;
  constexpr Flat(const F& f, const Args&... x) : f_(f), kept_(x...) {}

  /// Calls the function with its arguments built from the leaves of `v` and `p`.
  template <class V, class P>
  [[gnu::always_inline]] constexpr auto call(const V& v, const P& p) const {
    return call(v, p, Indices{});
  }

  [[gnu::always_inline]] static constexpr variable_row variables_of(const Args&... x) {
    return Choices<Indices>::variables::of(x...);
  }
  [[gnu::always_inline]] static constexpr parameter_row parameters_of(const Args&... x) {
    return Choices<Indices>::parameters::of(x...);
  }

  /// The structure of the variables: that of the one argument, or a tuple of those of several.
  using structure = typename StructureOf<typename Choices<Indices>::variables>::type;

  /// What structures of the variables take their inert elements from.
  [[gnu::always_inline]] static constexpr decltype(auto) inert_from(const Args&... x) {
    if constexpr (tree::of_numbers_only<structure>) {
      return (tree::nothing);
    } else if constexpr (std::tuple_size_v<decltype(variables_of(x...).all)> == 1) {
      return std::get<0>(variables_of(x...).all);  // a reference
    } else {
      return variables_of(x...).all;
    }
  }

 private:
  template <class V, class P, int... K>
  [[gnu::always_inline]] constexpr auto call(const V& v, const P& p, std::integer_sequence<int, K...>) const {
    return call_with(f_, argument<K>(v, p)...);
  }
  template <int K, class V, class P>
  [[gnu::always_inline]] constexpr decltype(auto) argument(const V& v, const P& p) const {
    if constexpr (is_variable<K> && is_kept<K>) {
      return tree::build<Arg<K>, variables_before(K)>(v, static_cast<const Slot<K>&>(kept_).value);
    } else if constexpr (is_variable<K>) {
      return tree::build<Arg<K>, variables_before(K)>(v);
    } else if constexpr (is_parameter<K>) {
      return tree::build<Arg<K>, parameters_before(K)>(p);
    } else {
      return (static_cast<const Slot<K>&>(kept_).value);
    }
  }

  [[no_unique_address]] F f_;
  [[no_unique_address]] Slots<Indices> kept_;
};

/// Those of some types that are selected by `W`, with empty tuples in place of the others; a single type as it is.
template <class W, int... K, class... Args>
constexpr auto selected(std::integer_sequence<int, K...>, std::type_identity<Args>...) {
  if constexpr (sizeof...(Args) == 1) {
    return (std::type_identity<Args>{}, ...);
  } else {
    return std::type_identity<std::tuple<std::conditional_t<Selection<W>::has(K), Args, std::tuple<>>...>>{};
  }
}

/// Says in one sentence what is wrong with a request, before anything else can go wrong. `Sized` tells whether
/// arguments need a size that the compiler knows.
template <bool Sized, class W, class... Args>
constexpr bool check() {
  constexpr auto of_selected = []<int... K>(auto test, std::integer_sequence<int, K...>) {
    return ((!Selection<W>::has(K) || test(static_cast<Args*>(nullptr))) && ...);
  };
  constexpr std::make_integer_sequence<int, static_cast<int>(sizeof...(Args))> all;
  constexpr bool sized = of_selected([]<class T>(T*) { return !tree::run_time_sized<T>; }, all);
  static_assert(
      sized || !Sized,
      "duet: an argument has a size known only at run time; StaticTape differentiates scalars, std::array and "
      "tuples of them, use DynamicTape or Forward for the rest");
  static_assert(Selection<W>::largest < static_cast<int>(sizeof...(Args)),
                "duet: wrt<...> names an argument that the function is not called with");
  constexpr bool differentiable = of_selected([]<class T>(T*) { return can_vary<T>; }, all);
  static_assert(differentiable,
                "duet: only floating-point numbers can be differentiated; pass 2.0 instead of 2, or leave the argument "
                "out by naming the others with duet::wrt");
  using Selected = typename decltype(selected<W>(all, std::type_identity<Args>{}...))::type;
  static_assert(
      tree::rigid<Selected>::fits,
      "duet: a struct with members of a fixed type, like double, can't hold differentiated numbers; make it a "
      "template, as in template <class T> struct Params { T width; }, and the function generic in it");
  return true;
}

}  // namespace tape
}  // namespace duet
