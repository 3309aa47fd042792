// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The reader of bundle-adjustment problems: an answer that can be written and read again, or a FormatError.
#include "../../bench/bundle/bal.hpp"

#include <sstream>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const bal::Problem problem = bal::parse("input", fuzz::text(data, size));
    std::ostringstream out;
    bal::write(problem, out);
    const bal::Problem again = bal::parse("output", out.str());
    fuzz::require(again.cameras == problem.cameras && again.points == problem.points);
  } catch (const bal::FormatError&) {
  }
  return 0;
}
