// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include "../problem/log_sum_exp.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"

namespace bench {

struct LseInput {
  std::vector<double> x;
};

inline void from_json(const json& message, LseInput& input) { message.at("x").get_to(input.x); }

/// GradBench's `lse`: bench::LogSumExp.
template <class Tool>
requires takes_gradients<Tool, LogSumExp> Module lse() {
  return {
      "lse",
      {function<LseInput>("primal", [](const LseInput& input) { return [&x = input.x] { return LogSumExp{}(x); }; }),
       function<LseInput>("gradient", [](const LseInput& input) {
         return
             [&x = input.x, gradient = Gradient<Tool, LogSumExp>(LogSumExp{})]() mutable -> const std::vector<double>& {
               return gradient(x);
             };
       })}};
}

}  // namespace bench
