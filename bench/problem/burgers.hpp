// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>
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

  /// The same flow, a row of cells at a time.
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

/// The update of one cell of u; with the two directions exchanged, that of v.
struct BurgersCell {
  constexpr auto operator()(const auto& centre, const auto& west, const auto& east, const auto& south,
                            const auto& north, const auto& other, const auto& advection, const auto& diffusion) const {
    return centre - advection * (centre * (centre - west) + other * (centre - south)) +
           diffusion * ((east - 2.0 * centre + west) + (north - 2.0 * centre + south));
  }
};

/// The same flow, a row of cells at a time.
template <class Loop>
struct MappedBurgers {
  BurgersGrid grid;

  template <class T>
  T operator()(const std::vector<T>& start) const {
    const auto middle = start.begin() + static_cast<std::ptrdiff_t>(grid.cells());
    std::vector<T> u(start.begin(), middle), v(middle, start.end());
    std::vector<T> next_u = u, next_v = v;
    for (std::size_t step = 0; step < grid.steps; ++step) {
      for (std::size_t j = 1; j + 1 < grid.ny; ++j) {
        const auto row = [&](const std::vector<T>& field, std::size_t shifted) {
          return std::span(field).subspan(shifted, grid.nx - 2);
        };
        const std::size_t k = j * grid.nx + 1, west = k - 1, east = k + 1, south = k - grid.nx, north = k + grid.nx;
        Loop::map(BurgersCell{}, std::span(next_u).subspan(k, grid.nx - 2), row(u, k), row(u, west), row(u, east),
                  row(u, south), row(u, north), row(v, k), grid.advection, grid.diffusion);
        Loop::map(BurgersCell{}, std::span(next_v).subspan(k, grid.nx - 2), row(v, k), row(v, south), row(v, north),
                  row(v, west), row(v, east), row(u, k), grid.advection, grid.diffusion);
      }
      std::swap(u, next_u);
      std::swap(v, next_v);
    }
    return kinetic_energy(u, v);
  }
};

}  // namespace bench
