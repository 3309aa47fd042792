// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <duet/duet.hpp>
#include <duet/simd/batch.hpp>
#include <duet/simd/functions.hpp>
#include <span>

#include "../gradbench/ba.hpp"
#include "../problem/bundle.hpp"

namespace bench {

/// The Jacobian of a bundle adjustment by the static tape, on batches of observations.
class BatchedBundle {
 public:
  explicit BatchedBundle(const BaInput& input) : input_(input) {}

  const BaJacobian& operator()() {
    jacobian_.start(input_);
    for (std::size_t i = 0; i < input_.observations(); i += Batch::size) {
      differentiate(i, std::min<std::size_t>(Batch::size, input_.observations() - i));
    }
    const auto slope = duet::grad(WeightError{});
    const std::span<double> slopes = jacobian_.of_weights();
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      slopes[i] = slope(std::array{input_.weights[i]})[0];
    }
    return jacobian_;
  }

 private:
  using Batch = duet::simd::Batch<double>;

  template <class T>
  struct Observation {
    std::array<T, 11> camera;
    std::array<T, 3> point;
    T weight;
    std::array<T, 2> feature;

    template <class Residual>
    auto jacobian(const Residual& residual) const {
      return duet::jacobian(residual, duet::wrt<0, 1, 2>)(camera, point, weight, feature);
    }
  };

  /// The number of each lane, from those of observations in a row; lanes that are left over repeat the last one.
  template <std::size_t N, class At>
  static std::array<Batch, N> gather(const At& at, std::size_t first, std::size_t count) {
    double lanes[N][Batch::size];
    for (std::size_t lane = 0; lane < Batch::size; ++lane) {
      const std::array<double, N>& numbers = at(first + std::min(lane, count - 1));
      for (std::size_t k = 0; k < N; ++k) {
        lanes[k][lane] = numbers[k];
      }
    }
    std::array<Batch, N> batches;
    for (std::size_t k = 0; k < N; ++k) {
      batches[k] = Batch::load_unaligned(lanes[k]);
    }
    return batches;
  }

  void differentiate(std::size_t first, std::size_t count) {
    const Observation<Batch> batch{
        gather<11>([&](std::size_t i) -> const BundleCamera& { return input_.cameras[input_.camera_of[i]]; }, first,
                   count),
        gather<3>([&](std::size_t i) -> const BundlePoint& { return input_.points[input_.point_of[i]]; }, first, count),
        gather<1>([&](std::size_t i) { return std::array{input_.weights[i]}; }, first, count)[0],
        gather<2>([&](std::size_t i) -> const BundleFeature& { return input_.features[i]; }, first, count)};
    const auto blocks = batch.jacobian(Bundle{});
    double lanes[2 * Observed::inputs][Batch::size];
    for (std::size_t k = 0; k < 2 * Observed::inputs; ++k) {
      blocks.elements[k].store_unaligned(lanes[k]);
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::span<double> block = jacobian_.block(first + lane);
      for (std::size_t k = 0; k < block.size(); ++k) {
        block[k] = lanes[k][lane];
      }
      const std::size_t i = first + lane;
      if (!Observed::is_turned(input_.cameras[input_.camera_of[i]])) {
        const Observation<double> one{input_.cameras[input_.camera_of[i]], input_.points[input_.point_of[i]],
                                      input_.weights[i], input_.features[i]};
        std::ranges::copy(one.jacobian(UnturnedBundle{}).elements, block.begin());
      }
    }
  }

  const BaInput& input_;
  BaJacobian jacobian_;
};

}  // namespace bench
