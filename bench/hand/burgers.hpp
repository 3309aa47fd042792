// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "../problem/burgers.hpp"

namespace bench::hand {

/// Value and gradient of bench::Burgers: the forward sweep keeps all states, the backward sweep scatters each cell's
/// adjoint to its neighbours. The workspace is kept from call to call.
class Burgers {
 public:
  explicit Burgers(const bench::Burgers& problem) : grid_(problem.grid) {}

  double operator()(const std::vector<double>& start, std::vector<double>& gradient) {
    const std::size_t n = start.size();
    states_.resize(n * (grid_.steps + 1));
    before_.resize(n);
    std::copy(start.begin(), start.end(), states_.begin());
    for (std::size_t step = 0; step < grid_.steps; ++step) {
      advance(states_.data() + n * step, states_.data() + n * (step + 1));
    }
    const double value = energy(states_.data() + n * grid_.steps, gradient);
    for (std::size_t step = grid_.steps; step-- > 0;) {
      retreat(states_.data() + n * step, gradient.data(), before_.data());
      std::swap(gradient, before_);
    }
    return value;
  }

 private:
  /// A step of both fields.
  void advance(const double* from, double* to) const {
    const auto [nx, ny, steps, a, d] = grid_;
    std::copy(from, from + 2 * nx * ny, to);  // for the boundary
    const double* u = from;
    const double* v = from + nx * ny;
    double* next_u = to;
    double* next_v = to + nx * ny;
    for (std::size_t j = 1; j + 1 < ny; ++j) {
      for (std::size_t k = j * nx + 1; k + 1 < (j + 1) * nx; ++k) {
        const double around_u = u[k + 1] + u[k - 1] + u[k + nx] + u[k - nx];
        const double around_v = v[k + 1] + v[k - 1] + v[k + nx] + v[k - nx];
        next_u[k] = u[k] - a * (u[k] * (u[k] - u[k - 1]) + v[k] * (u[k] - u[k - nx])) + d * (around_u - 4.0 * u[k]);
        next_v[k] = v[k] - a * (v[k] * (v[k] - v[k - nx]) + u[k] * (v[k] - v[k - 1])) + d * (around_v - 4.0 * v[k]);
      }
    }
  }

  /// The mean kinetic energy and its derivatives.
  double energy(const double* state, std::vector<double>& adjoint) const {
    const auto cells = static_cast<double>(grid_.cells());
    double sum = 0.0;
    for (std::size_t k = 0; k < adjoint.size(); ++k) {
      sum += state[k] * state[k];
      adjoint[k] = state[k] / cells;
    }
    return 0.5 * sum / cells;
  }

  /// From the adjoints after a step to those before it.
  void retreat(const double* state, const double* after, double* before) const {
    const auto [nx, ny, steps, a, d] = grid_;
    const std::size_t cells = nx * ny;
    clear_inside(after, before);
    clear_inside(after + cells, before + cells);
    const double* u = state;
    const double* v = state + cells;
    double* bar_u = before;
    double* bar_v = before + cells;
    for (std::size_t j = 1; j + 1 < ny; ++j) {
      for (std::size_t k = j * nx + 1; k + 1 < (j + 1) * nx; ++k) {
        const double w_u = after[k];
        const double w_v = after[cells + k];
        const double kept = 1.0 - 4.0 * d - a * (u[k] + v[k]);
        bar_u[k] += w_u * (kept - a * (u[k] - u[k - 1])) - w_v * a * (v[k] - v[k - 1]);
        bar_v[k] += w_v * (kept - a * (v[k] - v[k - nx])) - w_u * a * (u[k] - u[k - nx]);
        const double from_west = a * u[k] + d;
        const double from_south = a * v[k] + d;
        bar_u[k - 1] += w_u * from_west;
        bar_v[k - 1] += w_v * from_west;
        bar_u[k - nx] += w_u * from_south;
        bar_v[k - nx] += w_v * from_south;
        bar_u[k + 1] += w_u * d;
        bar_v[k + 1] += w_v * d;
        bar_u[k + nx] += w_u * d;
        bar_v[k + nx] += w_v * d;
      }
    }
  }

  /// Zeros for the cells that a step updates; what it leaves alone keeps its adjoint.
  void clear_inside(const double* after, double* before) const {
    const auto nx = static_cast<std::ptrdiff_t>(grid_.nx);
    std::copy(after, after + grid_.cells(), before);
    for (std::size_t j = 1; j + 1 < grid_.ny; ++j) {
      double* row = before + static_cast<std::ptrdiff_t>(j) * nx;
      std::fill(row + 1, row + nx - 1, 0.0);
    }
  }

  BurgersGrid grid_;
  std::vector<double> states_;
  std::vector<double> before_;
};

}  // namespace bench::hand
