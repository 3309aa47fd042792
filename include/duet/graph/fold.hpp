// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <limits>

#include <duet/op/table.hpp>

/// The op table on plain numbers, by a row's number.
namespace duet::graph {

template <class Op>
constexpr double evaluate_row(double a, double b, double c) {
  if constexpr (std::same_as<Op, op::Where>) {
    return a != 0 ? b : c;
  } else if constexpr (std::same_as<Op, op::Divide>) {
    // a constant expression may not divide by zero
    constexpr double inf = std::numeric_limits<double>::infinity();
    if (b == 0)
      return a == 0 || a != a                       ? std::numeric_limits<double>::quiet_NaN()
             : math::signbit(a) == math::signbit(b) ? inf
                                                    : -inf;
    return a / b;
  } else if constexpr (Op::arity == 1) {
    return static_cast<double>(Op::value(a));
  } else if constexpr (Op::arity == 2) {
    return static_cast<double>(Op::value(a, b));
  } else {
    return static_cast<double>(Op::value(a, b, c));
  }
}

template <class List>
struct Evaluators;
template <class... Ops>
struct Evaluators<op::Rows<Ops...>> {
  static constexpr double (*rows[sizeof...(Ops)])(double, double, double) = {&evaluate_row<Ops>...};
};

/// The value of row `op` on constants; a truth value is 1 or 0.
constexpr double fold(op::Code op, double a, double b, double c) { return Evaluators<op::Table>::rows[op](a, b, c); }

}  // namespace duet::graph
