// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "../problem/mixture.hpp"
#include "../tool.hpp"
#include "gradient.hpp"
#include "protocol.hpp"
#include "rows.hpp"

namespace bench {

struct GmmInput {
  Mixture problem;
  std::vector<double> x;
};

inline void from_json(const json& message, GmmInput& input) {
  Mixture& problem = input.problem;
  message.at("d").get_to(problem.dimensions);
  message.at("k").get_to(problem.components);
  message.at("gamma").get_to(problem.gamma);
  message.at("m").get_to(problem.freedom);
  problem.points = joined_rows(message.at("x"));
  message.at("alpha").get_to(input.x);
  for (const char* part : {"mu", "q", "l"}) {
    const std::vector<double> numbers = joined_rows(message.at(part));
    input.x.insert(input.x.end(), numbers.begin(), numbers.end());
  }
  if (input.x.size() != problem.variables()) throw std::invalid_argument("gmm: variables of another number");
}

/// The gradient of a problem.
struct GmmGradient {
  const Mixture* problem = nullptr;
  std::vector<double> numbers;
};

inline void to_json(json& message, const GmmGradient& gradient) {
  const auto [alpha, mu, q, l] = gradient.problem->parts(std::span(gradient.numbers));
  const std::size_t k = gradient.problem->components;
  message = {{"alpha", alpha}, {"mu", rows_of(mu, k)}, {"q", rows_of(q, k)}, {"l", rows_of(l, k)}};
}

/// GradBench's `gmm`: bench::Mixture, the value by `Value` and the gradient by `Gradient`, both made of a problem.
template <class Value, class Gradient>
Module gmm_by() {
  return {"gmm",
          {function<GmmInput>("objective",
                              [](const GmmInput& input) {
                                return [&x = input.x, value = Value(input.problem)]() mutable { return value(x); };
                              }),
           function<GmmInput>("jacobian", [](const GmmInput& input) {
             return [&input, gradient = Gradient(input.problem)]() mutable {
               return GmmGradient{&input.problem, gradient(input.x)};
             };
           })}};
}

template <class Tool>
requires takes_gradients<Tool, Mixture> Module gmm() { return gmm_by<Mixture, Gradient<Tool, Mixture>>(); }

}  // namespace bench
