// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <codi.hpp>
#include <cstddef>
#include <vector>

namespace bench {

/// CoDiPack's default reverse type, which tapes Jacobians.
class Codi {
 public:
  static constexpr const char* name = "CoDiPack";

  /// The gradient and the product of the Hessian with a direction, by the same type on duals.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    using Dual = codi::RealForward;
    using Second = codi::RealReverseGen<Dual>;
    auto& tape = Second::getTape();
    std::vector<Second> inputs(x.size());
    tape.setActive();
    for (std::size_t i = 0; i < x.size(); ++i) {
      Dual input = x[i];
      input.setGradient(direction[i]);
      inputs[i] = input;
      tape.registerInput(inputs[i]);
    }
    Second result = problem(inputs);
    tape.registerOutput(result);
    tape.setPassive();
    result.setGradient(Dual(1.0));
    tape.evaluate();
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Dual derivative = inputs[i].getGradient();
      gradient[i] = derivative.getValue();
      product[i] = derivative.getGradient();
    }
    tape.reset();
  }

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    auto& tape = Number::getTape();
    inputs_.resize(x.size());
    tape.setActive();
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] = x[i];
      tape.registerInput(inputs_[i]);
    }
    Number result = problem(inputs_);
    tape.registerOutput(result);
    tape.setPassive();
    result.setGradient(1.0);
    tape.evaluate();
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = inputs_[i].getGradient();
    }
    if (measure_) {
      bytes_ = static_cast<std::size_t>(tape.getTapeValues().getUsedMemorySize());
      measure_ = false;
    }
    tape.reset();
    return result.getValue();
  }

  /// Of the first recording: counting takes long.
  std::size_t bytes() const { return bytes_; }

 private:
  using Number = codi::RealReverse;
  std::vector<Number> inputs_;
  std::size_t bytes_ = 0;
  bool measure_ = true;
};

}  // namespace bench
