// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

#include "../problem/ode.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

struct OdeInput {
  std::vector<double> x;
  std::size_t s = 0;

  Ode problem() const { return {s}; }
};

inline void from_json(const json& message, OdeInput& input) {
  message.at("x").get_to(input.x);
  message.at("s").get_to(input.s);
}

/// GradBench's `ode`: bench::Ode.
template <class Tool>
requires takes_gradients<Tool, Ode> Module ode() {
  return primal_and_gradient<Tool, OdeInput>("ode", [](const Ode& problem, const auto& x) { return problem.state(x); });
}

}  // namespace bench
