// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../problem/ode.hpp"

namespace bench::hand {

/// Value and gradient of bench::Ode. The forward sweep keeps the four states of each step at which the right-hand side
/// is taken; the workspace is kept from call to call.
class Ode {
 public:
  explicit Ode(const bench::Ode& problem) : steps_(problem.steps) {}

  double operator()(const std::vector<double>& x, std::vector<double>& gradient) {
    resize(x.size());
    forward(x.data());
    const double value = y_[n_ - 1];
    std::fill(gradient.begin(), gradient.end(), 0.0);
    std::fill(y_.begin(), y_.end(), 0.0);  // from here on the adjoint of the state
    y_[n_ - 1] = 1.0;
    for (std::size_t step = steps_; step-- > 0;) {
      backward(x.data(), state(step), gradient.data());
    }
    return value;
  }

 private:
  void resize(std::size_t n) {
    n_ = n;
    h_ = 2.0 / static_cast<double>(steps_);
    states_.resize(4 * n * steps_);
    for (std::vector<double>* row : {&y_, &k_, &sum_, &z_}) {
      row->resize(n);
    }
  }

  double* state(std::size_t step) { return states_.data() + 4 * n_ * step; }

  void forward(const double* x) {
    std::fill(y_.begin(), y_.end(), 0.0);
    for (std::size_t step = 0; step < steps_; ++step) {
      double* z = state(step);
      std::copy(y_.begin(), y_.end(), z);
      slope(x, z, k_.data());
      std::copy(k_.begin(), k_.end(), sum_.begin());
      const double reach[] = {0.5 * h_, 0.5 * h_, h_};
      const double weight[] = {2.0, 2.0, 1.0};
      for (int stage = 0; stage < 3; ++stage) {
        z += n_;
        for (std::size_t i = 0; i < n_; ++i) {
          z[i] = y_[i] + reach[stage] * k_[i];
        }
        slope(x, z, k_.data());
        for (std::size_t i = 0; i < n_; ++i) {
          sum_[i] += weight[stage] * k_[i];
        }
      }
      for (std::size_t i = 0; i < n_; ++i) {
        y_[i] += h_ / 6.0 * sum_[i];
      }
    }
  }

  void slope(const double* x, const double* y, double* k) const {
    k[0] = x[0];
    for (std::size_t i = 1; i < n_; ++i) {
      k[i] = x[i] * y[i - 1];
    }
  }

  /// One step back: y_ goes from the adjoint after the step to the adjoint before it.
  void backward(const double* x, const double* states, double* gradient) {
    const double weight[] = {h_ / 6.0, h_ / 3.0, h_ / 3.0, h_ / 6.0};
    const double reach[] = {0.5 * h_, 0.5 * h_, h_};  // from slope to next stage
    std::copy(y_.begin(), y_.end(), sum_.begin());
    for (int stage = 3; stage >= 0; --stage) {
      for (std::size_t i = 0; i < n_; ++i) {
        k_[i] = weight[stage] * y_[i] + (stage < 3 ? reach[stage] * z_[i] : 0.0);
      }
      const double* z = states + static_cast<std::size_t>(stage) * n_;
      gradient[0] += k_[0];
      for (std::size_t i = 1; i < n_; ++i) {
        gradient[i] += k_[i] * z[i - 1];
        z_[i - 1] = k_[i] * x[i];
      }
      z_[n_ - 1] = 0.0;
      for (std::size_t i = 0; i < n_; ++i) {
        sum_[i] += z_[i];
      }
    }
    std::swap(y_, sum_);
  }

  std::size_t steps_;
  std::size_t n_ = 0;
  double h_ = 0.0;
  std::vector<double> states_;
  std::vector<double> y_;
  std::vector<double> k_;
  std::vector<double> sum_;
  std::vector<double> z_;  // in the sweep back the adjoint of a stage's state
};

}  // namespace bench::hand
