// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "../problem/determinant.hpp"
#include "../problem/loop.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

struct DetInput {
  std::vector<double> x;
  std::size_t size = 0;

  Determinant problem() const { return {size}; }
};

inline void from_json(const json& message, DetInput& input) {
  message.at("A").get_to(input.x);
  message.at("ell").get_to(input.size);
}

/// GradBench's `det`: bench::Determinant.
template <class Tool>
requires takes_gradients<Tool, Determinant> Module det() {
  return primal_and_gradient<Tool, DetInput>(
      "det", [](const Determinant& problem, const auto& x) { return problem.mapped<PlainLoop>()(x); });
}

}  // namespace bench
