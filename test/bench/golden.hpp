// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "../../bench/gradbench/protocol.hpp"

namespace bench {

/// Checks that a tool's answer to `function` of `module` is `golden`, numbers as closely as rounding allows.
inline void check_answer(const Tool& tool, const std::string& module, const std::string& function, const json& input,
                         const json& golden) {
  const json message{{"id", 1}, {"kind", "evaluate"}, {"module", module}, {"function", function}, {"input", input}};
  const json reply = tool.answer(message);
  REQUIRE_MESSAGE(reply.at("success") == true, reply);
  const json given = reply.at("output").flatten(), expected = golden.flatten();
  REQUIRE(given.size() == expected.size());
  for (const auto& [place, number] : expected.items()) {
    CAPTURE(place);
    REQUIRE(given.contains(place));
    const double a = given.at(place), b = number;
    CHECK(std::abs(a - b) <= 1e-12 * std::max(1.0, std::abs(a) + std::abs(b)));
  }
}

}  // namespace bench
