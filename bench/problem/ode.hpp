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

/// A component of the state after a step, from those up to four places before it: each stage of a step looks at the
/// component before. `x0` and `y0` are the component's own, `x1` and `y1` those of the one before, and so on.
struct OdeStep {
  constexpr auto operator()(const auto& x0, const auto& x1, const auto& x2, const auto& x3, const auto& y0,
                            const auto& y1, const auto& y2, const auto& y3, const auto& y4, const auto& h) const {
    const auto half = 0.5 * h;
    const auto second1 = y1 + half * (x1 * y2), second2 = y2 + half * (x2 * y3), second3 = y3 + half * (x3 * y4);
    const auto third1 = y1 + half * (x1 * second2), third2 = y2 + half * (x2 * second3);
    const auto fourth1 = y1 + h * (x1 * third2);
    return y0 + h / 6.0 * (x0 * (y1 + 2.0 * second1 + 2.0 * third1 + fourth1));
  }
};

/// A step of all components. Before the first one stand one that is 1 and stays so, which makes that one like the
/// others, and three that stay 0; before the first rate stand three that nothing depends on.
template <class Loop>
struct OdeSteps {
  double h;

  template <class State, class Rates>
  auto operator()(const State& state, std::size_t /*step*/, const Rates& rates) const {
    const std::size_t n = rates.size() - 3;
    const auto rate = [&](std::size_t before) { return Loop::part(rates, 3 - before, n); };
    const auto component = [&](std::size_t before) { return Loop::part(state, 4 - before, n); };
    return Loop::join(Loop::part(state, 0, 4), Loop::map(OdeStep{}, rate(0), rate(1), rate(2), rate(3), component(0),
                                                         component(1), component(2), component(3), component(4), h));
  }
};

template <class Loop>
struct MappedOde {
  std::size_t steps;

  template <class Row>
  auto operator()(const Row& x) const {
    const std::size_t n = x.size();
    const auto start = Loop::join(Loop::row({0.0, 0.0, 0.0, 1.0}), Loop::row(n, 0.0));
    const auto rates = Loop::join(Loop::row(3, 0.0), x);
    return Loop::repeat(steps, OdeSteps<Loop>{2.0 / static_cast<double>(steps)}, start, rates)[n + 3];
  }
};

}  // namespace bench
