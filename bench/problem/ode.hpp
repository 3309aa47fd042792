// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <vector>

namespace bench {

/// GradBench's `ode`: the last component at time 2 of y_0' = x_0, y_i' = x_i y_(i-1), which starts from zero, by
/// classical Runge-Kutta steps.
struct Ode {
  std::size_t steps;

  template <class T>
  T operator()(const std::vector<T>& x) const {
    const std::size_t n = x.size();
    const double h = 2.0 / static_cast<double>(steps);
    std::vector<T> y(n, T(0.0)), z(n), k1(n), k2(n), k3(n), k4(n);
    for (std::size_t step = 0; step < steps; ++step) {
      slope(x, y, k1);
      shift(y, 0.5 * h, k1, z);
      slope(x, z, k2);
      shift(y, 0.5 * h, k2, z);
      slope(x, z, k3);
      shift(y, h, k3, z);
      slope(x, z, k4);
      for (std::size_t i = 0; i < n; ++i) {
        y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
      }
    }
    return y[n - 1];
  }

 private:
  /// The right-hand side at y.
  template <class T>
  static void slope(const std::vector<T>& x, const std::vector<T>& y, std::vector<T>& k) {
    k[0] = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) {
      k[i] = x[i] * y[i - 1];
    }
  }

  /// z = y + h k.
  template <class T>
  static void shift(const std::vector<T>& y, double h, const std::vector<T>& k, std::vector<T>& z) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      z[i] = y[i] + h * k[i];
    }
  }
};

}  // namespace bench
