// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/op/table.hpp>

/// The op table on plain numbers, by a row's number.
namespace duet::graph {

/// Row `Op` on numbers of type `T`, of which there are as many as it has operands; a truth value is 1 or 0.
template <class Op, class T>
constexpr T evaluate_row(T a, T b, T c) {
  if constexpr (std::same_as<Op, op::Where>) {
    return a != 0 ? b : c;
  } else if constexpr (std::same_as<Op, op::Divide>) {
    // a constant expression may not divide by zero
    if (__builtin_is_constant_evaluated() && b == 0) {
      constexpr T inf = std::numeric_limits<T>::infinity();
      return a == 0 || a != a ? std::numeric_limits<T>::quiet_NaN() : math::signbit(a) == math::signbit(b) ? inf : -inf;
    }
    return a / b;
  } else if constexpr (Op::arity == 1) {
    return static_cast<T>(Op::value(a));
  } else if constexpr (Op::arity == 2) {
    return static_cast<T>(Op::value(a, b));
  } else {
    return static_cast<T>(Op::value(a, b, c));
  }
}

template <class List>
struct Evaluators;
template <class... Ops>
struct Evaluators<op::Rows<Ops...>> {
  static constexpr double (*rows[sizeof...(Ops)])(double, double, double) = {&evaluate_row<Ops, double>...};
};

/// The value of row `op` on constants; a truth value is 1 or 0.
constexpr double fold(op::Code op, double a, double b, double c) { return Evaluators<op::Table>::rows[op](a, b, c); }

}  // namespace duet::graph
