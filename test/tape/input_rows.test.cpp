// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The rows that records read: a row that was found is the one that was looked for, and stays it.
#include <doctest/doctest.h>

#include <vector>

#include <duet/tape/input_rows.hpp>

namespace {

using duet::tape::Key;
using duet::tape::Word;

}  // namespace

TEST_CASE("a row is not found in what memory holds behind the last row, where it happens to go on like it") {
  const duet::tape::Era era = [] {
    duet::tape::Era one;
    one.renew();
    return one;
  }();
  const Key made = duet::tape::key(era.now(), 5000);
  int found = 0;
  const auto try_row = [&](Key near, Key far) {
    duet::tape::InputRows<double> rows;
    const auto before = rows.size();
    const Key both[] = {made - near, made - far}, other[] = {made - 1};
    rows.find(both, 2, made, era);
    rows.write(std::vector<Key>(40'000, 0));
    rows.forget(before);  // so much that it is dropped; the memory stays as it is
    const Word alone = rows.find(both, 1, made, era);
    const Word pair = rows.find(both, 2, made, era);
    rows.find(other, 1, made, era);
    found += alone == pair;
    return rows.rows()[pair] == both[0] - made && rows.rows()[pair + 1] == both[1] - made;
  };
  // rows are found by eight bits of a hash, so among a thousand pairs some are looked for where the single one stands
  bool right = true;
  for (Key near = 2; near < 34; ++near) {
    for (Key far = 100; far < 164; ++far) right = right && try_row(near, far);
  }
  CHECK(right);
  CHECK(found == 0);
}
