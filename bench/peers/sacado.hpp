// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <Sacado_trad.hpp>
#include <cstddef>
#include <span>
#include <vector>

namespace bench {

/// Sacado's reverse mode. It has one arena for the whole program, which a recording reuses after a sweep. Its forward
/// mode is left out: it wants other libraries of Trilinos.
class SacadoRad {
 public:
  static constexpr const char* name = "Sacado Rad";

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    start(x);
    const Number result = problem(inputs_);
    Number::Gradcomp();
    read(gradient);
    return result.val();
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    start(x);
    auto results = problem(inputs_);
    std::vector<Number*> outputs;
    for (Number& result : results) {
      outputs.push_back(&result);
    }
    // A sweep clears the adjoints of what records read, not those of outputs: each sweep has to seed all outputs.
    std::vector<double> seeds(outputs.size());
    for (double& seed : seeds) {
      seed = 1.0;
      Number::Weighted_Gradcomp(outputs.size(), outputs.data(), seeds.data());
      seed = 0.0;
      read(jacobian.first(x.size()));
      jacobian = jacobian.subspan(x.size());
    }
  }

 private:
  using Number = Sacado::Rad::ADvar<double>;

  void start(const std::vector<double>& x) {
    inputs_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] = x[i];
    }
  }

  void read(std::span<double> gradient) const {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      gradient[i] = inputs_[i].adj();
    }
  }

  std::vector<Number> inputs_;
};

}  // namespace bench
