// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/tree.hpp>

/// Paths to the parts of a structure, "camera.rotation[2]": members by their names, everything else by position. A path
/// that an error is about is written into a type, which compilers print next to the sentence.
namespace duet::tree {

/// A path of `N` - 1 characters.
template <std::size_t N>
struct Path {
  char text[N]{};

  constexpr Path() = default;
  constexpr Path(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
};

/// What a compile error is about: the part at this path.
template <Path P>
struct AtPath {
  static constexpr bool fits = false;
};
/// Nothing to complain about.
struct Fits {
  static constexpr bool fits = true;
};

/// A path that is being written. What is too long is cut off.
struct Trail {
  char text[200]{};
  std::size_t length = 0;

  constexpr Trail plus(char c) const {
    Trail longer = *this;
    if (length + 1 < sizeof text) longer.text[longer.length++] = c;
    return longer;
  }
  constexpr Trail plus(const char* s) const {
    Trail longer = *this;
    for (; *s != '\0'; ++s) longer = longer.plus(*s);
    return longer;
  }
  constexpr Trail plus(std::size_t number) const {
    const Trail longer = number < 10 ? *this : plus(number / 10);
    return longer.plus(static_cast<char>('0' + number % 10));
  }
  constexpr Trail at(std::size_t i) const { return plus('[').plus(i).plus(']'); }
  constexpr Trail member(const char* name) const { return length == 0 ? plus(name) : plus('.').plus(name); }
};

/// The path to element number `I` of the `T` at `trail`.
template <class T, std::size_t I>
constexpr Trail to_element(const Trail& trail) {
  if constexpr (requires { Structure<T>::template name<I>(); }) {
    return trail.member(Structure<T>::template name<I>());
  } else {
    return trail.at(I);
  }
}

/// A place that was looked for, if it was found.
struct Place {
  bool found = false;
  Trail trail{};
};

/// `Finder::find()`, a place, as a type.
template <class Finder>
struct Located {
  static constexpr Place place = Finder::find();
  template <std::size_t... I>
  static constexpr auto path(std::index_sequence<I...>) {
    Path<sizeof...(I) + 1> all;
    ((all.text[I] = place.trail.text[I]), ...);
    return all;
  }
  template <bool Found>
  static constexpr auto type_of() {
    if constexpr (!Found) {
      return Fits{};
    } else if constexpr (place.trail.length == 0) {
      return AtPath<"(the whole)">{};
    } else {
      return AtPath<path(std::make_index_sequence<place.trail.length>{})>{};
    }
  }
  using type = decltype(type_of<place.found>());
};
template <class Finder>
using located = typename Located<Finder>::type;

namespace detail {

/// The first element for which `find(I, trail)` finds a place.
template <class T>
constexpr Place first_among(const Trail& trail, auto find) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    Place place;
    ((place = place.found ? place : find(std::integral_constant<std::size_t, I>{}, to_element<T, I>(trail))), ...);
    return place;
  }
  (std::make_index_sequence < kind<T> == Kind::product ? size<T> : (size<T> > 0 ? 1 : 0) > {});
}

/// Where `T` is unable to hold other numbers: at a number in a struct that is no template, or whose type there does not
/// depend on the template's argument.
template <class T>
constexpr Place find_rigid(const Trail& trail) {
  if constexpr (!is_container<T> || inert<T>) {
    return {};
  } else if constexpr (kind<T> == Kind::sequence) {
    return find_rigid<part<typename Structure<T>::element>>(trail.at(0));
  } else {
    using Other = rebind<T, long double>;
    return first_among<T>(trail, [](auto i, const Trail& here) -> Place {
      using E = element_type<T, i>;
      if constexpr (inert<E>) {
        return {};
      } else {
        const Place inside = find_rigid<E>(here);
        if (inside.found || std::is_same_v<element_type<Other, i>, rebind<E, long double>>) return inside;
        return {true, here};
      }
    });
  }
}

/// Where `U` has another structure than `T`.
template <class T, class U>
constexpr Place find_mismatch(const Trail& trail) {
  if constexpr (std::is_same_v<rebind<T, double>, rebind<U, double>>) {
    return {};
  } else if constexpr (!is_container<T> || kind<T> != kind<U>) {
    return {true, trail};
  } else if constexpr (kind<T> == Kind::sequence) {
    using E = typename Structure<T>::element;
    using F = typename Structure<U>::element;
    return inert<E> || inert<F> || same_structure<E, F> ? Place{true, trail} : find_mismatch<E, F>(trail.at(0));
  } else if constexpr (size<T> != size<U>) {
    return {true, trail};
  } else {
    const Place place = first_among<T>(trail, [](auto i, const Trail& here) -> Place {
      using E = element_type<T, i>;
      using F = element_type<U, i>;
      if constexpr (inert<E> || inert<F>) {
        return {!std::is_same_v<E, F>, here};
      } else {
        return find_mismatch<E, F>(here);
      }
    });
    return place.found ? place : Place{true, trail};
  }
}

}  // namespace detail

template <class T>
struct FindRigid {
  static constexpr Place find() { return detail::find_rigid<T>({}); }
};
template <class T, class U>
struct FindMismatch {
  static constexpr Place find() { return detail::find_mismatch<T, U>({}); }
};

/// `Fits`, or the path at which a `T` is unable to hold other numbers.
template <class T>
using rigid = located<FindRigid<std::remove_cvref_t<T>>>;

/// `Fits`, or the path at which the structure of `U` is not that of `T`.
template <class T, class U>
using mismatch = located<FindMismatch<std::remove_cvref_t<T>, std::remove_cvref_t<U>>>;

}  // namespace duet::tree
