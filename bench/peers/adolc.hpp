// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <adolc/adolc.h>

#include <cstddef>
#include <cstdio>
#include <span>
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
    start(x);
    double value = 0.0;
    adouble result = problem(inputs_);
    result >>= value;
    trace_off();
    double seed = 1.0;
    fos_reverse(tag, 1, static_cast<int>(x.size()), &seed, gradient.data());
    return value;
  }

  template <class Problem>
  void jacobian(const Problem& problem, const std::vector<double>& x, std::span<double> jacobian) {
    const int outputs = record(problem, x);
    seeds_.assign(outputs, outputs);
    for (int i = 0; i < outputs; ++i) {
      seeds_.rows[i][i] = 1.0;
    }
    products_.over(jacobian, outputs);
    fov_reverse(tag, outputs, static_cast<int>(x.size()), outputs, seeds_.rows.data(), products_.rows.data());
  }

  template <class Problem, class Seed>
  void pushforward(const Problem& problem, const std::vector<double>& x, std::size_t directions, const Seed& seed,
                   std::span<double> products) {
    const int outputs = record(problem, x);
    seeds_.assign(x.size(), directions);
    for (std::size_t j = 0; j < x.size(); ++j) {
      for (std::size_t d = 0; d < directions; ++d) {
        seeds_.rows[j][d] = seed(j, d);
      }
    }
    products_.over(products, outputs);
    values_.resize(outputs);
    fov_forward(tag, outputs, static_cast<int>(x.size()), static_cast<int>(directions), x.data(), seeds_.rows.data(),
                values_.data(), products_.rows.data());
  }

  /// Of the last recording: operations, their places and constants, and the values that were overwritten.
  std::size_t bytes() const {
    std::size_t counts[STAT_SIZE];
    tapestats(tag, counts);
    return counts[NUM_OPERATIONS] + sizeof(locint) * counts[NUM_LOCATIONS] + sizeof(double) * counts[NUM_VALUES] +
           sizeof(revreal) * counts[TAY_STACK_SIZE];
  }

 private:
  /// A matrix as ADOL-C's drivers want it.
  struct Matrix {
    std::vector<double> elements;
    std::vector<double*> rows;

    void assign(std::size_t count, std::size_t columns) {
      elements.assign(count * columns, 0.0);
      over(elements, count);
    }
    void over(std::span<double> memory, std::size_t count) {
      rows.resize(count);
      for (std::size_t i = 0; i < count; ++i) {
        rows[i] = &memory[i * (memory.size() / count)];
      }
    }
  };

  void start(const std::vector<double>& x) {
    trace_on(tag, 1);  // 1: keep the values, so that the reverse sweep needs no forward one
    inputs_.resize(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      inputs_[i] <<= x[i];
    }
  }

  /// Records a problem that returns a range; how many numbers there are in it.
  template <class Problem>
  int record(const Problem& problem, const std::vector<double>& x) {
    start(x);
    int outputs = 0;
    auto results = problem(inputs_);
    for (adouble& result : results) {
      double value = 0.0;
      result >>= value;
      ++outputs;
    }
    trace_off();
    return outputs;
  }

  static constexpr short tag = 1;
  std::vector<adouble> inputs_;
  std::vector<double> values_;
  Matrix seeds_, products_;
};

}  // namespace bench
