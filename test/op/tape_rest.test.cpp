// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The second half of the op table on the dynamic tape gives what it gives on duals: alone, in a statement, beside plain
// and passive numbers, and twice differentiated.
#include "on_tape.hpp"

TEST_CASE("every row on the tape, with operands of all kinds, has the derivatives that duals have: the second half") {
  on_tape::check_rows<on_tape::middle, on_tape::op::Table::size>();
}
