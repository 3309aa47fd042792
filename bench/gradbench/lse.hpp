// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <stdexcept>
#include <vector>

#include "../problem/log_sum_exp.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

struct LseInput {
  std::vector<double> x;

  LogSumExp problem() const { return {}; }
};

inline void from_json(const json& message, LseInput& input) {
  message.at("x").get_to(input.x);
  if (input.x.empty()) throw std::invalid_argument("lse: x has no element, and so no largest one");
}

/// GradBench's `lse`: bench::LogSumExp.
template <class Tool>
requires takes_gradients<Tool, LogSumExp> Module lse() { return primal_and_gradient<Tool, LseInput>("lse"); }

}  // namespace bench
