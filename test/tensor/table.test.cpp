// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every row of the op table works element by element on tensors, with the derivatives that duals have: a row can't be
// added unchecked. The graphs are known at run time here; see table_statement.test.cpp for compiled ones.
#include <boost/hana/for_each.hpp>

#include "rows.hpp"

namespace {

using rows::Subject;
using rows::Tensor;
namespace op = duet::op;

/// Row `Op` on tensors, called as its subject is.
template <class Op, int Order, class T>
Tensor<T> applied(const std::vector<Tensor<T>>& x) {
  using duet::tensor::apply;
  if constexpr (std::same_as<Op, op::Where>) {
    return apply<Op>(apply<op::LessEqual>(x[0], T(0)), x[1], x[2]);
  } else if constexpr (Subject<Op>::ordered) {
    return apply<Op>(Tensor<T>(T(Order)), x[0]);
  } else if constexpr (Op::arity == 1) {
    return apply<Op>(x[0]);
  } else if constexpr (Op::arity == 2) {
    return apply<Op>(x[0], x[1]);
  } else {
    return apply<Op>(x[0], x[1], x[2]);
  }
}

template <class T>
void check_table(double tolerance) {
  boost::hana::for_each(op::table<>, [&](auto type) {
    using Op = typename decltype(type)::type;
    INFO(std::string(Op::name));
    if constexpr (Op::kind != op::Kind::predicate && !std::same_as<Op, op::Attach>) {
      rows::check_row<Subject<Op>, T>(&applied<Op, 0, T>, tolerance);
      if constexpr (Subject<Op>::ordered) {
        rows::check_row<Subject<Op, 1>, T>(&applied<Op, 1, T>, tolerance);
        rows::check_row<Subject<Op, 3>, T>(&applied<Op, 3, T>, tolerance);
      }
    }
  });
}

}  // namespace

TEST_CASE("every row on tensors of double has the derivatives that duals have, with broadcasting") {
  check_table<double>(1e-14);
}

TEST_CASE("every row on tensors of float has the derivatives that duals have, with broadcasting") {
  check_table<float>(2e-5);
}

TEST_CASE("predicates on tensors give ones and zeros") {
  using duet::tensor::apply;
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const double numbers[] = {-1, -0.0, 0, 1, infinity, nan};
  for (double a : numbers) {
    for (double b : numbers) {
      const Tensor<double> x = a, y = b;
      CHECK(apply<op::Less>(x, y).item() == (a < b));
      CHECK(apply<op::LessEqual>(x, y).item() == (a <= b));
      CHECK(apply<op::Equal>(x, y).item() == (a == b));
      CHECK(apply<op::NotEqual>(x, y).item() == (a != b));
      CHECK(apply<op::And>(x, y).item() == (a != 0 && b != 0));
      CHECK(apply<op::Or>(x, y).item() == (a != 0 || b != 0));
      CHECK(apply<op::Not>(x).item() == (a == 0));
    }
  }
}
