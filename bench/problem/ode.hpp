// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

template <class Loop>
struct MappedOde;

/// GradBench's `ode`: the last component at time 2 of y_0' = x_0, y_i' = x_i y_(i-1), which starts from zero, by
/// classical Runge-Kutta steps.
struct Ode {
  std::size_t steps;

  template <class T>
  T operator()(const std::vector<T>& x) const {
    return state(x).back();
  }

  /// All components at time 2.
  template <class T>
  std::vector<T> state(const std::vector<T>& x) const {
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
    return y;
  }

  /// The same with a stage of all components at a time.
  template <class Loop>
  MappedOde<Loop> mapped() const {
    return {steps};
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

/// A component of the state at a stage, from the component before at the last stage.
struct OdeStage {
  constexpr auto operator()(const auto& x, const auto& y, const auto& before, const auto& h) const {
    return y + h * (x * before);
  }
};

/// A component of the state after a step, from the component before at all four stages.
struct OdeStep {
  constexpr auto operator()(const auto& x, const auto& y, const auto& z1, const auto& z2, const auto& z3,
                            const auto& z4, const auto& h) const {
    return y + h / 6.0 * (x * (z1 + 2.0 * z2 + 2.0 * z3 + z4));
  }
};

/// A constant 1 before the first component makes that one like the others.
template <class Loop>
struct MappedOde {
  std::size_t steps;

  template <class Row>
  auto operator()(const Row& x) const {
    const std::size_t n = x.size();
    const double h = 2.0 / static_cast<double>(steps);
    const auto one = Loop::row({1.0});
    const auto shifted = [&](const auto& state) { return Loop::join(one, Loop::part(state, 0, n - 1)); };
    auto y = Loop::row(std::vector<double>(n, 0.0));
    for (std::size_t step = 0; step < steps; ++step) {
      const auto before = shifted(y);
      const auto before2 = shifted(Loop::map(OdeStage{}, x, y, before, 0.5 * h));
      const auto before3 = shifted(Loop::map(OdeStage{}, x, y, before2, 0.5 * h));
      const auto before4 = shifted(Loop::map(OdeStage{}, x, y, before3, h));
      y = Loop::map(OdeStep{}, x, y, before, before2, before3, before4, h);
    }
    return y[n - 1];
  }
};

}  // namespace bench
