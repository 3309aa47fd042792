// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "../problem/least_squares.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

struct LlsqInput {
  std::vector<double> x;
  std::size_t n = 0;

  LeastSquares problem() const { return {n}; }
};

inline void from_json(const json& message, LlsqInput& input) {
  message.at("x").get_to(input.x);
  message.at("n").get_to(input.n);
}

/// GradBench's `llsq`: bench::LeastSquares.
template <class Tool>
requires takes_gradients<Tool, LeastSquares> Module llsq() { return primal_and_gradient<Tool, LlsqInput>("llsq"); }

}  // namespace bench
