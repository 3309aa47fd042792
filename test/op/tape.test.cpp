// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The first half of the op table on the dynamic tape gives what it gives on duals: alone, in a statement, beside plain
// and passive numbers, and twice differentiated.
#include "on_tape.hpp"

using namespace on_tape;

TEST_CASE("every row on the tape, with operands of all kinds, has the derivatives that duals have: the first half") {
  check_rows<0, middle>();
}

TEST_CASE("predicates look at values, whatever they compare") {
  Tape tape;
  for (double a : {-1.0, -0.0, 0.0, 1.0, HUGE_VAL, std::nan("")}) {
    for (double b : {-1.0, -0.0, 0.0, 1.0, HUGE_VAL, std::nan("")}) {
      const Number x = tape.variable(a), y = b;
      const auto same = [&](const auto& p, const auto& q) {
        return (p < q) == (a < b) && (p <= q) == (a <= b) && (p > q) == (a > b) && (p >= q) == (a >= b) &&
               (p == q) == (a == b) && (p != q) == (a != b);
      };
      CHECK(same(x, y));
      CHECK(same(x * 1, y));
      CHECK(same(x, b));
      CHECK(same(a, y));
      CHECK(same(x + 0, y * 1));
    }
  }
}
