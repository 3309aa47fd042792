// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "../problem/mesh.hpp"

namespace bench::hand {

/// Value and gradient of bench::Mesh: the forward sweep keeps all states, the backward sweep scatters each node's
/// adjoint to its neighbours. The workspace is kept from call to call.
class Mesh {
 public:
  explicit Mesh(const bench::Mesh& problem) : problem_(problem), before_(problem.nodes) {
    states_.resize(problem.nodes * (problem.steps + 1));
  }

  double operator()(const std::vector<double>& start, std::vector<double>& gradient) {
    const std::size_t n = problem_.nodes;
    std::copy(start.begin(), start.end(), states_.begin());
    for (std::size_t step = 0; step < problem_.steps; ++step) {
      const double* x = states_.data() + n * step;
      double* next = states_.data() + n * (step + 1);
      for (std::size_t i = 0; i < n; ++i) {
        next[i] = x[i] + problem_.rate * (x[problem_.near[i]] - x[i]) * x[problem_.by[i]];
      }
    }
    const double* last = states_.data() + n * problem_.steps;
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      squares += last[i] * last[i];
      gradient[i] = last[i] / static_cast<double>(n);
    }
    for (std::size_t step = problem_.steps; step-- > 0;) {
      retreat(states_.data() + n * step, gradient);
    }
    return squares * (0.5 / static_cast<double>(n));
  }

 private:
  /// From the adjoints after a step to those before it.
  void retreat(const double* x, std::vector<double>& adjoint) {
    std::fill(before_.begin(), before_.end(), 0.0);
    for (std::size_t i = 0; i < problem_.nodes; ++i) {
      const std::size_t near = problem_.near[i], by = problem_.by[i];
      const double w = problem_.rate * adjoint[i];
      before_[i] += adjoint[i] - w * x[by];
      before_[near] += w * x[by];
      before_[by] += w * (x[near] - x[i]);
    }
    std::swap(adjoint, before_);
  }

  bench::Mesh problem_;
  std::vector<double> states_;
  std::vector<double> before_;
};

}  // namespace bench::hand
