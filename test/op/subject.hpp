// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include <duet/op/table.hpp>

/// What the tests of the op table differentiate, and how they hold the results.
namespace subject {

namespace op = duet::op;
using Point = std::array<double, 3>;
/// The value, followed by the derivatives with respect to up to three operands.
using Firsts = std::array<double, 4>;

/// Row `Op` as a function all of whose operands are numbers: the condition of a choice is the sign of its first
/// operand, the order of an ordered function is fixed.
template <class Op, int Order = 0>
struct Subject {
  static constexpr bool ordered = Op::kind == op::Kind::smooth && Op::arity == 2 && !op::has_partial<Op, 0>;
  static constexpr std::size_t arity = ordered ? 1 : Op::arity;
  static constexpr op::Interval domains[] = {ordered ? Op::domain2 : Op::domain, Op::domain2, Op::domain3};

  template <class X, class... Rest>
  constexpr auto operator()(const X& x, const Rest&... rest) const {
    if constexpr (std::same_as<Op, op::Where>) {
      return op::apply<Op>(x <= 0, rest...);
    } else if constexpr (ordered) {
      return op::apply<Op>(op::like(x, Order), x);
    } else {
      return op::apply<Op>(x, rest...);
    }
  }
};

}  // namespace subject
