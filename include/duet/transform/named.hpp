// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/transform/transformed.hpp>
#include <duet/tree/select.hpp>

/// Transforms with respect to arguments by position, or to parts of them by name: `grad(f, wrt<"camera.focal">)`. A
/// path is looked up in the one argument, of several in the one that has its first name; "[1].focal" says which. The
/// result is what the transform gives for these parts: of one part its structure, of several a tuple.
namespace duet::transform {

/// The position of the argument that has the first name of a path, of the first argument if none has.
template <tree::Path P, class... X>
constexpr std::size_t owner_of() {
  constexpr bool has[] = {tree::leads<P, 0, X>()...};
  constexpr bool unique = (0 + ... + tree::leads<P, 0, X>()) < 2;
  static_assert(
      std::conditional_t<unique, std::type_identity<tree::Fits>, tree::Located<tree::UpTo<P, 0>>>::type::fits,
      "duet: wrt<...> names a member that several arguments have; say which argument is meant, as in [0].width");
  for (std::size_t k = 0; k < sizeof...(X); ++k) {
    if (has[k]) return k;
  }
  return 0;
}

/// The part of some arguments (a tuple of references) that a path leads to.
template <tree::Path P, class... X>
[[gnu::always_inline]] constexpr auto& part_of(const std::tuple<X&...>& x) {
  if constexpr (sizeof...(X) == 1) {
    return tree::select<P>(std::get<0>(x));
  } else if constexpr (P.text[0] == '[') {
    return tree::select<P>(x);
  } else {
    return tree::select<P>(std::get<owner_of<P, std::remove_const_t<X>...>()>(x));
  }
}

/// `F` as a function of parts of its arguments, followed by the arguments themselves.
template <class F, tree::Path... P>
struct Substituted {
  [[no_unique_address]] F f;

  template <class... A>
  constexpr auto operator()(const A&... all) const {
    return of(std::make_index_sequence<sizeof...(P)>{}, std::make_index_sequence<sizeof...(A) - sizeof...(P)>{},
              std::tuple<const A&...>(all...));
  }

 private:
  template <std::size_t... I, std::size_t... K, class All>
  constexpr auto of(std::index_sequence<I...>, std::index_sequence<K...>, const All& all) const {
    return substitute(std::forward_as_tuple(std::get<sizeof...(P) + K>(all)...), std::get<I>(all)...);
  }

  template <class... X, class... Part>
  constexpr auto substitute(const std::tuple<const X&...>& arguments, const Part&... parts) const {
    static_assert(!(tape::has_expression<Part> || ...),
                  "duet: on the static tape a callable with captured state can't be differentiated with respect to "
                  "parts of a structure; pass the captured state as an argument, or differentiate with DynamicTape or "
                  "Forward");
    using S = typename op::kept<typename tree::common_leaf<Part...>::type>::type;
    return std::apply(
        [&](const X&... x) {
          std::tuple<lifted<S, X>...> copies{lift<S>(x)...};
          return std::apply(
              [&](auto&... copy) {
                const auto refer = std::tuple<decltype(copy)...>(copy...);
                ((part_of<P>(refer) = parts), ...);
                return f(std::as_const(copy)...);
              },
              copies);
        },
        arguments);
  }

  /// An argument that may be made of the numbers of the parts, with these in place of its own.
  template <class S, class X>
  using lifted = std::conditional_t<tape::can_vary<X> && tree::rigid<X>::fits, tree::rebind<X, S>, X>;
  template <class S, class X>
  static constexpr lifted<S, X> lift(const X& x) {
    if constexpr (std::is_same_v<lifted<S, X>, X>) {
      return x;
    } else {
      return tree::map_leaves<S>(x, [](const auto& leaf) { return S(leaf); });
    }
  }
};

/// What transform `T` makes of `F` as a function of the parts `P`, as a function of the arguments.
template <class T, engine E, class F, tree::Path... P>
struct ByName {
  [[no_unique_address]] F f;

  template <class... X>
  constexpr auto operator()(const X&... x) const {
    const std::tuple<const X&...> all(x...);
    return of_parts<X...>()(part_of<P>(all)..., x...);
  }

  template <class... X>
  requires knows_plans<T>
  auto plan(const X&... x) const {
    const std::tuple<const X&...> all(x...);
    auto plan = of_parts<X...>().plan(part_of<P>(all)..., x...);
    return typename T::template plan_by_name<decltype(plan), P...>{std::move(plan)};
  }

 private:
  template <int... I>
  static Wrt<I...> first(std::integer_sequence<int, I...>);

  template <class... X>
  constexpr auto of_parts() const {
    using Parts = decltype(first(std::make_integer_sequence<int, sizeof...(P)>{}));
    return Transformed<T, policy<E, Wrt<>, X...>, Substituted<F, P...>, Parts>{{f}};
  }
};

template <tree::Path P, tree::Path... All>
inline constexpr int parts_around = (0 + ... + tree::leads_into<P, All>());

/// What `wrt<...>` may be.
template <class W>
inline constexpr bool is_selection = false;
template <int... I>
inline constexpr bool is_selection<Wrt<I...>> = true;
template <tree::Path... P>
inline constexpr bool is_selection<WrtNamed<P...>> = true;
template <class W>
concept selection = is_selection<W>;

/// The function that transform `T` makes of `f`. Whatever is declared in terms of this takes positions and names alike.
template <class T, engine E, class F, int... I>
constexpr auto transformed(const F& f, Wrt<I...>) {
  return Transformed<T, E, F, Wrt<I...>>{f};
}
template <class T, engine E, class F, tree::Path... P>
constexpr auto transformed(const F& f, WrtNamed<P...>) {
  static_assert(((parts_around<P, P...> == 1) && ...), "duet: wrt<...> names a part twice, or a part of another part");
  return ByName<T, E, F, P...>{f};
}

}  // namespace duet::transform
