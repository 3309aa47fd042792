// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

/// The grid and the steps of the coupled Burgers equations u_t + u u_x + v u_y = nu (u_xx + u_yy), the same for v.
struct BurgersGrid {
  std::size_t nx;
  std::size_t ny;
  std::size_t steps;
  double advection = 0.1;   // time step / grid spacing
  double diffusion = 0.05;  // viscosity * time step / grid spacing^2

  std::size_t cells() const { return nx * ny; }
};

/// The mean kinetic energy of two velocity fields.
template <class T>
T kinetic_energy(const std::vector<T>& u, const std::vector<T>& v) {
  T energy(0.0);
  for (std::size_t k = 0; k < u.size(); ++k) {
    energy += u[k] * u[k] + v[k] * v[k];
  }
  return energy * (0.5 / static_cast<double>(u.size()));
}

template <class Loop>
struct MappedBurgers;

/// Two velocity fields on a grid, u along x and v along y, after some steps of upwind advection (both are positive) and
/// diffusion; the boundary stays as it is. Takes the cells of u and then those of v, gives the mean kinetic energy.
/// One statement for each cell and field, of 13 operands of which 6 are distinct.
struct Burgers {
  BurgersGrid grid;

  template <class T>
  T operator()(const std::vector<T>& start) const {
    const auto middle = start.begin() + static_cast<std::ptrdiff_t>(grid.cells());
    std::vector<T> u(start.begin(), middle), v(middle, start.end());
    std::vector<T> next_u = u, next_v = v;
    for (std::size_t step = 0; step < grid.steps; ++step) {
      advance(u, v, next_u, next_v);
      std::swap(u, next_u);
      std::swap(v, next_v);
    }
    return kinetic_energy(u, v);
  }

  /// The same flow, a step of all cells at a time.
  template <class Loop>
  MappedBurgers<Loop> mapped() const {
    return {grid};
  }

 private:
  template <class T>
  void advance(const std::vector<T>& u, const std::vector<T>& v, std::vector<T>& next_u, std::vector<T>& next_v) const {
    const auto [nx, ny, steps, a, d] = grid;
    for (std::size_t j = 1; j + 1 < ny; ++j) {
      for (std::size_t i = 1; i + 1 < nx; ++i) {
        const std::size_t k = j * nx + i, west = k - 1, east = k + 1, south = k - nx, north = k + nx;
        next_u[k] = u[k] - a * (u[k] * (u[k] - u[west]) + v[k] * (u[k] - u[south])) +
                    d * ((u[east] - 2.0 * u[k] + u[west]) + (u[north] - 2.0 * u[k] + u[south]));
        next_v[k] = v[k] - a * (v[k] * (v[k] - v[south]) + u[k] * (v[k] - v[west])) +
                    d * ((v[north] - 2.0 * v[k] + v[south]) + (v[east] - 2.0 * v[k] + v[west]));
      }
    }
  }
};

/// The update of one cell: what becomes of u and v, where `inside` is 1, and not 0 as on the boundary. Each direction
/// comes as a pair of neighbours in u and in v.
struct BurgersCell {
  constexpr auto operator()(const auto& inside, const auto& u, const auto& west_u, const auto& east_u,
                            const auto& south_u, const auto& north_u, const auto& v, const auto& west_v,
                            const auto& east_v, const auto& south_v, const auto& north_v, const auto& advection,
                            const auto& diffusion) const {
    const auto a_u = advection * u, a_v = advection * v;
    const auto d_u = diffusion * ((east_u - 2.0 * u + west_u) + (north_u - 2.0 * u + south_u));
    const auto d_v = diffusion * ((north_v - 2.0 * v + south_v) + (east_v - 2.0 * v + west_v));
    const auto change_u = d_u - (a_u * (u - west_u) + a_v * (u - south_u));
    const auto change_v = d_v - (a_v * (v - south_v) + a_u * (v - west_v));
    return std::array{u + inside * change_u, v + inside * change_v};
  }
};

/// What a cell adds to the energy.
struct BurgersEnergy {
  constexpr auto operator()(const auto& u, const auto& v) const { return u * u + v * v; }
};

/// The same flow, a step of all cells at a time. The cells of the first and the last row of the grid have no neighbours
/// on one side and are left out.
template <class Loop>
struct MappedBurgers {
  BurgersGrid grid;

  template <class Row>
  auto operator()(const Row& start) const {
    const std::size_t nx = grid.nx, cells = grid.cells(), updated = cells - 2 * nx;
    std::vector<double> inside(updated, 1.0);
    for (std::size_t k = 0; k < updated; k += nx) {
      inside[k] = inside[k + nx - 1] = 0.0;
    }
    const auto first_u = Loop::part(start, 0, nx), last_u = Loop::part(start, cells - nx, nx);
    const auto first_v = Loop::part(start, cells, nx), last_v = Loop::part(start, 2 * cells - nx, nx);
    auto u = Loop::join(Loop::part(start, 0, cells)), v = Loop::join(Loop::part(start, cells, cells));
    for (std::size_t step = 0; step < grid.steps; ++step) {
      const auto at = [&](const auto& field, std::size_t first) { return Loop::part(field, first, updated); };
      const auto next =
          Loop::map(BurgersCell{}, inside, at(u, nx), at(u, nx - 1), at(u, nx + 1), at(u, 0), at(u, 2 * nx), at(v, nx),
                    at(v, nx - 1), at(v, nx + 1), at(v, 0), at(v, 2 * nx), grid.advection, grid.diffusion);
      u = Loop::join(first_u, next[0], last_u);
      v = Loop::join(first_v, next[1], last_v);
    }
    return Loop::sum(BurgersEnergy{}, u, v) * (0.5 / static_cast<double>(cells));
  }
};

}  // namespace bench
