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
};

inline void from_json(const json& message, OdeInput& input) {
  message.at("x").get_to(input.x);
  message.at("s").get_to(input.s);
}

/// GradBench's `ode`: bench::Ode.
template <class Tool>
requires takes_gradients<Tool, Ode> Module ode() {
  return {"ode",
          {function<OdeInput>("primal",
                              [](const OdeInput& input) {
                                return [&x = input.x, problem = Ode{input.s}] { return problem.state(x); };
                              }),
           function<OdeInput>("gradient", [](const OdeInput& input) {
             return [&x = input.x, gradient = Gradient<Tool, Ode>({input.s})]() mutable -> const std::vector<double>& {
               return gradient(x);
             };
           })}};
}

}  // namespace bench
