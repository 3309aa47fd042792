// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <ranges>
#include <span>

#include <duet/tape/lanes.hpp>
#include <duet/tape/variables.hpp>
#include <duet/tree/row.hpp>

/// The ranges that maps go through.
namespace duet {

namespace tape {

/// A range of elements in memory: numbers, `Var`s, or structures of these.
template <class E>
struct Each {
  std::span<const E> range;
};

/// A row of variables.
template <class T>
struct EachVariable {
  const Variables<T>* range;
};

/// How a map sees an argument; this is one that all elements share.
template <class A>
struct Argument {
  static constexpr bool mapped = false;
  using element = A;
  static const A& first(const A& x) { return x; }
  static std::size_t count(const A&) { return 0; }
};
template <class E>
struct Argument<Each<E>> {
  static constexpr bool mapped = true;
  using element = E;
  static const E& first(const Each<E>& x) { return x.range[0]; }
  static std::size_t count(const Each<E>& x) { return x.range.size(); }
};
template <class T>
struct Argument<EachVariable<T>> {
  static constexpr bool mapped = true;
  using element = Var<T>;
  static Var<T> first(const EachVariable<T>& x) { return (*x.range)[0]; }
  static std::size_t count(const EachVariable<T>& x) { return x.range->size(); }
};

template <class A>
using element_of = typename Argument<A>::element;

}  // namespace tape

/// Marks an argument of `map` or `map_sum` that the function is called with element by element: a contiguous range of
/// numbers, of `Var`s, or of structures of these. It must outlive the call.
template <std::ranges::contiguous_range R>
auto each(const R& range) {
  using E = std::remove_cvref_t<std::ranges::range_value_t<R>>;
  return tape::Each<E>{std::span<const E>(std::ranges::data(range), std::ranges::size(range))};
}
template <class T>
tape::EachVariable<T> each(const Variables<T>& range) {
  return {&range};
}

}  // namespace duet
