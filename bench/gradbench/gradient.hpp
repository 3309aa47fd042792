// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <memory>
#include <utility>
#include <vector>

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

}  // namespace bench
