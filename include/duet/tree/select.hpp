// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/path.hpp>

/// The part of a structure that a path leads to.
namespace duet::tree {

/// One step of a path: text[first, end), a name or a number in brackets; the next step begins at `next`.
struct Step {
  bool by_position;
  std::size_t first, end, next;
};

template <Path P>
constexpr Step step_at(std::size_t at) {
  const auto in_name = [](char c) { return c != '\0' && c != '.' && c != '['; };
  if (P.text[at] == '[') {
    std::size_t end = at + 1;
    while (P.text[end] != '\0' && P.text[end] != ']') ++end;
    const std::size_t after = P.text[end] == ']' ? end + 1 : end;
    return {true, at + 1, end, P.text[after] == '.' ? after + 1 : after};
  }
  std::size_t end = at;
  while (in_name(P.text[end])) ++end;
  return {false, at, end, P.text[end] == '.' ? end + 1 : end};
}

/// Whether a text is the same as that of a step.
template <Path P>
constexpr bool is_called(const Step& step, const char* name) {
  std::size_t i = step.first;
  for (; i < step.end && *name != '\0'; ++i, ++name) {
    if (P.text[i] != *name) return false;
  }
  return i == step.end && *name == '\0' && step.first < step.end;
}

/// The element of the `T` that a step of a path leads to; the number of elements if there is none.
template <Path P, std::size_t At, class T>
constexpr std::size_t element_called() {
  constexpr Step step = step_at<P>(At);
  if constexpr (!is_container<T> || kind<T> == Kind::sequence) {
    return 0;
  } else if constexpr (step.by_position) {
    std::size_t position = 0;
    for (std::size_t i = step.first; i < step.end; ++i) {
      if (P.text[i] < '0' || P.text[i] > '9' || position > size<T>) return size<T>;
      position = 10 * position + static_cast<std::size_t>(P.text[i] - '0');
    }
    return step.first < step.end && position < size<T> ? position : size<T>;
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      const auto called = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
        if constexpr (requires { Structure<T>::template name<K>(); }) {
          return is_called<P>(step, Structure<T>::template name<K>());
        } else {
          return false;
        }
      };
      std::size_t found = 0;
      (void)((called(std::integral_constant<std::size_t, I>{}) || (++found, false)) || ...);
      return found;
    }
    (std::make_index_sequence<size<T>>{});
  }
}

/// Whether the step at `At` leads somewhere in a `T`.
template <Path P, std::size_t At, class T>
constexpr bool leads() {
  if constexpr (!is_container<T> || kind<T> == Kind::sequence) {
    return false;
  } else {
    return element_called<P, At, T>() < size<T>;
  }
}

/// `P` up to the end of the step at `At`.
template <Path P, std::size_t At>
struct UpTo {
  static constexpr Place find() {
    Place place{true, {}};
    constexpr Step step = step_at<P>(At);
    for (std::size_t i = 0; i < step.end; ++i) place.trail = place.trail.plus(P.text[i]);
    if (step.by_position) place.trail = place.trail.plus(']');
    return place;
  }
};

/// Whether the path `P` leads to the part at `Q` or into it.
template <Path P, Path Q>
constexpr bool leads_into() {
  std::size_t i = 0;
  for (; Q.text[i] != '\0'; ++i) {
    if (P.text[i] != Q.text[i]) return false;
  }
  return P.text[i] == '\0' || P.text[i] == '.' || P.text[i] == '[';
}

/// The part of `x` that the path `P` leads to from its character `At` on.
template <Path P, std::size_t At = 0, class T>
[[gnu::always_inline]] constexpr auto& select(T& x) {
  if constexpr (P.text[At] == '\0') {
    return x;
  } else {
    using U = std::remove_const_t<T>;
    if constexpr (!leads<P, At, U>()) {
      static_assert(located<UpTo<P, At>>::fits,
                    "duet: wrt<...> names a member that the arguments don't have; members described to Boost.Hana have "
                    "names, those of other structs, tuples and arrays have positions, as in camera[0]");
      return x;
    } else {
      return select<P, step_at<P>(At).next>(element<element_called<P, At, U>()>(x));
    }
  }
}

}  // namespace duet::tree
