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
};

inline void from_json(const json& message, LlsqInput& input) {
  message.at("x").get_to(input.x);
  message.at("n").get_to(input.n);
}

/// GradBench's `llsq`: bench::LeastSquares.
template <class Tool>
requires takes_gradients<Tool, LeastSquares> Module llsq() {
  return {"llsq",
          {function<LlsqInput>("primal",
                               [](const LlsqInput& input) {
                                 return [&x = input.x, problem = LeastSquares{input.n}] { return problem(x); };
                               }),
           function<LlsqInput>("gradient", [](const LlsqInput& input) {
             return [&x = input.x, gradient = Gradient<Tool, LeastSquares>(
                                       {input.n})]() mutable -> const std::vector<double>& { return gradient(x); };
           })}};
}

}  // namespace bench
