// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>

#include "../problem/saddle.hpp"
#include "nested.hpp"
#include "protocol.hpp"

namespace bench {

struct SaddleInput {
  std::array<double, 2> start;
};

inline void from_json(const json& message, SaddleInput& input) { message.at("start").get_to(input.start); }

/// GradBench's `saddle`: bench::SaddlePoint.
template <nests Tool>
Module saddle() {
  return {"saddle", nested_functions<SaddleInput, Tool>([]<class Outer, class Inner>(const SaddleInput& input) {
            return [start = input.start] { return SaddlePoint<Outer, Inner>{}(start); };
          })};
}

}  // namespace bench
