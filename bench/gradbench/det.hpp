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
  std::vector<double> matrix;
  std::size_t size = 0;
};

inline void from_json(const json& message, DetInput& input) {
  message.at("A").get_to(input.matrix);
  message.at("ell").get_to(input.size);
}

/// GradBench's `det`: bench::Determinant.
template <class Tool>
requires takes_gradients<Tool, Determinant> Module det() {
  return {"det",
          {function<DetInput>("primal",
                              [](const DetInput& input) {
                                return [&matrix = input.matrix, problem = Determinant{input.size}] {
                                  return problem.mapped<PlainLoop>()(matrix);
                                };
                              }),
           function<DetInput>("gradient", [](const DetInput& input) {
             return [&matrix = input.matrix,
                     gradient = Gradient<Tool, Determinant>({input.size})]() mutable -> const std::vector<double>& {
               return gradient(matrix);
             };
           })}};
}

}  // namespace bench
