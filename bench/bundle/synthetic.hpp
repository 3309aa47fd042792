// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <random>
#include <stdexcept>

#include "bal.hpp"
#include "residual.hpp"

namespace bal {

/// A problem whose solution is known but for the noise: cameras ten units before a cloud of points, turned a little
/// (the first not at all), each point seen by at least two cameras and by every other with the given probability;
/// observations with normal noise of the given size in pixels; cameras and points moved away from the truth.
inline Problem synthetic(std::size_t cameras, std::size_t points, double visible, double noise) {
  if (cameras < 2) {
    throw std::invalid_argument("a generated problem needs at least two cameras");
  }
  std::mt19937_64 engine(2026);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::normal_distribution<double> normal;
  const auto about = [&](double middle, double spread) { return middle + spread * uniform(engine); };

  Problem problem;
  for (std::size_t i = 0; i < cameras; ++i) {
    const double turn = i == 0 ? 0 : 0.3;
    problem.cameras.push_back({about(0, turn), about(0, turn), about(0, turn), about(0, 0.5), about(0, 0.5),
                               about(-10, 1), about(500, 20), about(-0.05, 0.02), about(0.005, 0.002)});
  }
  for (std::size_t i = 0; i < points; ++i) {
    problem.points.push_back({about(0, 2), about(0, 2), about(0, 2)});
    const std::size_t first = i % cameras;
    const std::size_t second = (i + 1 + i / cameras % (cameras - 1)) % cameras;
    for (std::size_t camera = 0; camera < cameras; ++camera) {
      if (camera == first || camera == second || about(0.5, 0.5) < visible) {
        auto [x, y] = Projection{}(problem.cameras[camera], problem.points[i]);
        problem.observations.push_back({camera, i, {x + noise * normal(engine), y + noise * normal(engine)}});
      }
    }
  }
  for (Camera& camera : problem.cameras) {
    const bool turned = camera[0] != 0;
    for (std::size_t k = 0; k < 6; ++k) {
      camera[k] += k < 3 ? (turned ? about(0, 0.02) : 0) : about(0, 0.1);
    }
    camera[6] += about(0, 10);
    camera[7] = 0;
    camera[8] = 0;
  }
  for (Point& point : problem.points) {
    for (double& x : point) {
      x += about(0, 0.1);
    }
  }
  return problem;
}

/// The small problem of the quick start.
inline Problem small_problem() { return synthetic(5, 60, 0.75, 0.5); }

}  // namespace bal
