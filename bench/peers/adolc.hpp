// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <adolc/adolc.h>

#include <cstddef>
#include <cstdio>
#include <vector>

namespace bench {

/// ADOL-C, which records anew at every call. Beyond its default buffers it spills to files in the working directory,
/// which is faster than buffers that are large enough.
class Adolc {
 public:
  static constexpr const char* name = "ADOL-C";

  /// The gradient and the product of the Hessian with a direction.
  template <class Problem>
  void gradient_and_product(const Problem& problem, const std::vector<double>& x, const std::vector<double>& direction,
                            std::vector<double>& gradient, std::vector<double>& product) {
    this->gradient(problem, x, gradient);
    const int size = static_cast<int>(x.size());
    std::vector<double> at = x, along = direction;  // for an interface without const
    hess_vec(tag, size, at.data(), along.data(), product.data());
  }

  Adolc() = default;
  Adolc(const Adolc&) = delete;
  Adolc& operator=(const Adolc&) = delete;
  ~Adolc() {
    removeTape(tag, ADOLC_REMOVE_COMPLETELY);
    std::remove("ADOLC-Taylors_1.tap");  // what that forgets
  }

  template <class Problem>
  double gradient(const Problem& problem, const std::vector<double>& x, std::vector<double>& gradient) {
    trace_on(tag, 1);  // 1: keep the values, so that the reverse sweep needs no forward one
    inputs_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] <<= x[i];
    }
    double value = 0.0;
    adouble result = problem(inputs_);
    result >>= value;
    trace_off();
    double seed = 1.0;
    fos_reverse(tag, 1, static_cast<int>(x.size()), &seed, gradient.data());
    return value;
  }

  /// Of the last recording: operations, their places and constants, and the values that were overwritten.
  std::size_t bytes() const {
    std::size_t counts[STAT_SIZE];
    tapestats(tag, counts);
    return counts[NUM_OPERATIONS] + sizeof(locint) * counts[NUM_LOCATIONS] + sizeof(double) * counts[NUM_VALUES] +
           sizeof(revreal) * counts[TAY_STACK_SIZE];
  }

 private:
  static constexpr short tag = 1;
  std::vector<adouble> inputs_;
};

}  // namespace bench
