// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <vector>

#include "../problem/lstm.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"
#include "rows.hpp"

namespace bench {

struct LstmMessage {
  Lstm problem;
  std::vector<double> x;
};

inline void from_json(const json& message, LstmMessage& input) {
  const json& rows = message.at("main_params");
  input.problem.layers = rows.size() / 2;
  input.problem.bits = message.at("extra_params").at(0).size();
  input.problem.start = joined_rows(message.at("state"));
  input.problem.text = joined_rows(message.at("sequence"));
  input.x = joined_rows(rows);
  const std::vector<double> extra = joined_rows(message.at("extra_params"));
  input.x.insert(input.x.end(), extra.begin(), extra.end());
  if (input.x.size() != input.problem.variables()) throw std::invalid_argument("lstm: variables of another number");
}

/// GradBench's `lstm`: bench::Lstm.
template <class Tool>
requires takes_gradients<Tool, Lstm> Module lstm() {
  return {"lstm",
          {function<LstmMessage>("objective",
                                 [](const LstmMessage& input) {
                                   return [&x = input.x, &problem = input.problem] { return problem(x); };
                                 }),
           function<LstmMessage>("jacobian", [](const LstmMessage& input) {
             return [&x = input.x, gradient = Gradient<Tool, Lstm>(input.problem)]() mutable { return gradient(x); };
           })}};
}

}  // namespace bench
