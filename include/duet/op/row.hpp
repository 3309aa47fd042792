// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <limits>

#include <duet/op/active.hpp>

/// The shape of a row of the op table.
///
/// A row is a struct with a `value(x...)` and, unless it is flat or a predicate, its partial derivatives: `partial(x,
/// y)` for a function of one argument, `partial(First, a, b, y)`, `partial(Second, a, b, y)`, ... otherwise, where `y`
/// is the result. Both are generic: they run on `double`, on duals, on SIMD batches, and on symbols, where evaluating a
/// partial creates the nodes of the derivative. Values are always inlined: a call takes a SIMD batch from memory, and
/// then everything in a loop of batches is stored and none of it stays in registers, which takes up to twice the time.
namespace duet::op {

/// A string that can be a template argument.
template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
};

/// Where an operand is sampled by the tests that go through the table.
struct Interval {
  double low, high;
};

/// Names the operand that a partial derivative is taken with respect to.
template <int K>
struct Position {
  static constexpr int index = K;
};
using First = Position<0>;
using Second = Position<1>;
using Third = Position<2>;

/// What an operation yields.
enum class Kind {
  smooth,     ///< a number with partial derivatives
  flat,       ///< a number whose derivative is zero wherever it exists
  predicate,  ///< a truth value
};

/// Common part of all rows.
///
/// `commutes`: the operands may be exchanged. `singular`: a partial may be infinite or undefined at finite operands, so
/// a zero tangent or an untaken branch needs protection from it. `gates`: a partial may be exactly zero because another
/// operand was chosen, and then blocks even what is infinite.
template <Name N, int Arity, Kind K = Kind::smooth>
struct Row {
  static constexpr const char* name = N.text;
  static constexpr int arity = Arity;
  static constexpr Kind kind = K;
  static constexpr bool commutes = false;
  static constexpr bool singular = false;
  static constexpr bool gates = false;
  static constexpr Interval domain{-2, 2};
  static constexpr Interval domain2{-2, 2};
  static constexpr Interval domain3{-2, 2};

 protected:
  Row() = default;
};

template <Name N>
using Unary = Row<N, 1>;
template <Name N>
using Binary = Row<N, 2>;
template <Name N>
using Ternary = Row<N, 3>;
template <Name N>
using Flat = Row<N, 1, Kind::flat>;
template <Name N>
using Predicate = Row<N, 2, Kind::predicate>;

/// The partial derivative with respect to operand `K` of row `Op`, whatever its arity; operands first, result last.
template <class Op, int K, class... X>
[[gnu::always_inline]] constexpr auto partial(const X&... operands_and_result) {
  if constexpr (Op::arity == 1) {
    return Op::partial(operands_and_result...);
  } else {
    return Op::partial(Position<K>{}, operands_and_result...);
  }
}

/// Whether row `Op` has a derivative with respect to operand `K` (conditions and orders have none).
template <class Op, int K>
constexpr bool has_partial = Op::kind == Kind::smooth&& [] {
  if constexpr (requires { Op::first_active; }) {
    return K >= Op::first_active;
  } else if constexpr (requires { Op::last_active; }) {
    return K <= Op::last_active;
  } else {
    return true;
  }
}();

/// A list of rows.
template <class... Ops>
struct Rows {
  static constexpr int size = sizeof...(Ops);
};

}  // namespace duet::op
