// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every row of the op table has the derivative of its value. (table.test.cpp goes on from here to all other paths.)
#include <doctest/doctest.h>

#include <boost/hana/for_each.hpp>
#include <string>

#include "subject.hpp"

namespace op = duet::op;

TEST_CASE("the derivative of every row is the limit of its differences") {
  boost::hana::for_each(op::table<>, [](auto type) {
    using Op = typename decltype(type)::type;
    if constexpr (Op::kind != op::Kind::flat) {
      subject::for_each_subject<Op>([](auto f) {
        using F = decltype(f);
        INFO(std::string(Op::name) << " of " << Op::arity);
        const auto points = subject::samples<F>(48);
        double worst = 0, worst_single = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
          const subject::Firsts expected = subject::differences<F>(points, i);
          worst = std::max(worst, subject::distance(subject::single_duals<F, double>(points, i), expected));
          worst_single =
              std::max(worst_single, subject::distance(subject::single_duals<F, float>(points, i), expected));
        }
        CHECK(worst < 1e-11);
        CHECK(worst_single < 1e-5);
      });
    }
  });
}

TEST_CASE("the derivatives of attach are 1 by the value that it keeps, and what was said by the other") {
  using D = duet::Dual<double, 3>;
  INFO(std::string(op::Attach::name) << " of " << op::Attach::arity);
  const D y = op::apply<op::Attach>(D::variable(2, 0), D::variable(3, 1), D::variable(5, 2));
  CHECK(y.primal() == 2);
  CHECK(y.tangents() == std::array<double, 3>{1, 5, 0});
}
