// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "protocol.hpp"

namespace bench {

/// The gradient of a problem by a tool (see ../tool.hpp), for function().
template <class Tool, class Problem>
class Gradient {
 public:
  explicit Gradient(Problem problem) : problem_(std::move(problem)) {}

  const std::vector<double>& operator()(const std::vector<double>& x) {
    gradient_.resize(x.size());
    tool_->gradient(problem_, x, gradient_);
    return gradient_;
  }

 private:
  Problem problem_;
  std::unique_ptr<Tool> tool_ = std::make_unique<Tool>();
  std::vector<double> gradient_;
};

/// The gradient of a problem in a form that has a member `gradient(x, gradient)` of its own.
template <class Form>
class OwnGradient {
 public:
  explicit OwnGradient(const auto& problem) : form_(problem) {}

  const std::vector<double>& operator()(const std::vector<double>& x) {
    gradient_.resize(x.size());
    form_.gradient(x, gradient_);
    return gradient_;
  }

 private:
  Form form_;
  std::vector<double> gradient_;
};

/// The value of a problem.
inline constexpr auto value_of = [](const auto& problem, const std::vector<double>& x) { return problem(x); };

/// An evaluation with two functions: "primal", which is `value(problem, x)`, and "gradient", by a tool. An Input has
/// the point `x`, and makes the `problem()`.
template <class Tool, class Input, class Value = decltype(value_of)>
Module primal_and_gradient(std::string name, const Value& value = value_of) {
  using Problem = decltype(std::declval<const Input&>().problem());
  return {std::move(name),
          {function<Input>("primal",
                           [value](const Input& input) {
                             return [&x = input.x, value, problem = input.problem()] { return value(problem, x); };
                           }),
           function<Input>("gradient", [](const Input& input) {
             return [&x = input.x,
                     gradient = Gradient<Tool, Problem>(input.problem())]() mutable -> const std::vector<double>& {
               return gradient(x);
             };
           })}};
}

}  // namespace bench
