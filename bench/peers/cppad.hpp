// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cppad/cppad.hpp>
#include <cstddef>
#include <vector>

namespace bench {

/// CppAD, which records anew at every call.
class CppAd {
 public:
  static constexpr const char* name = "CppAD";

  /// The gradient and the product of the Hessian with a direction.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    inputs_.assign(x.begin(), x.end());
    CppAD::Independent(inputs_);
    const std::vector<Number> results{problem(inputs_)};
    CppAD::ADFun<double> recording(inputs_, results);
    recording.Forward(1, direction);
    const std::vector<double> both = recording.Reverse(2, std::vector<double>{1.0});
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = both[2 * i];  // orders count down where there is one weight for each result
      product[i] = both[2 * i + 1];
    }
  }

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    inputs_.assign(x.begin(), x.end());
    CppAD::Independent(inputs_);
    const std::vector<Number> results{problem(inputs_)};
    CppAD::ADFun<double> recording(inputs_, results);
    gradient = recording.Reverse(1, std::vector<double>{1.0});
    bytes_ = recording.size_op_seq();
    return CppAD::Value(results[0]);
  }

  /// Of the last recording.
  std::size_t bytes() const { return bytes_; }

 private:
  using Number = CppAD::AD<double>;
  std::vector<Number> inputs_;
  std::size_t bytes_ = 0;
};

}  // namespace bench
