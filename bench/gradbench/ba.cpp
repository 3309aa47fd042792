// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The static tape: an observation's residual has 15 inputs and no loops, so that the compiler can make one formula of
// both rows of its Jacobian. SIMD batches go through it, an observation in each lane. A camera that is not turned has a
// formula of its own, and lanes cannot branch, so that its observations are taken one by one.

#include "ba.hpp"

#include <algorithm>
#include <duet/duet.hpp>
#include <duet/simd/batch.hpp>
#include <duet/simd/functions.hpp>

namespace {

using bench::BaInput;
using Batch = duet::simd::Batch<double>;

/// The Jacobian in batches.
class BatchedJacobian {
 public:
  explicit BatchedJacobian(const BaInput& input) : input_(input) {}

  const bench::BaJacobian& operator()() {
    jacobian_.start(input_);
    for (std::size_t i = 0; i < input_.observations(); i += Batch::size) {
      differentiate(i, std::min<std::size_t>(Batch::size, input_.observations() - i));
    }
    const auto slope = duet::grad(bench::WeightError{});
    const std::span<double> slopes = jacobian_.of_weights();
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      slopes[i] = slope(std::array{input_.weights[i]})[0];
    }
    return jacobian_;
  }

 private:
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

  bool is_turned(std::size_t i) const {
    const bench::BundleCamera& camera = input_.cameras[input_.camera_of[i]];
    return camera[0] != 0.0 || camera[1] != 0.0 || camera[2] != 0.0;
  }

  void differentiate(std::size_t first, std::size_t count) {
    const Observation<Batch> batch{
        gather<11>([&](std::size_t i) { return input_.cameras[input_.camera_of[i]]; }, first, count),
        gather<3>([&](std::size_t i) { return input_.points[input_.point_of[i]]; }, first, count),
        gather<1>([&](std::size_t i) { return std::array{input_.weights[i]}; }, first, count)[0],
        gather<2>([&](std::size_t i) { return input_.features[i]; }, first, count)};
    const auto blocks = batch.jacobian(bench::Bundle{});
    double lanes[2 * bench::Observed::inputs][Batch::size];
    for (std::size_t k = 0; k < 2 * bench::Observed::inputs; ++k) {
      blocks.elements[k].store_unaligned(lanes[k]);
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::span<double> block = jacobian_.block(first + lane);
      for (std::size_t k = 0; k < block.size(); ++k) {
        block[k] = lanes[k][lane];
      }
      if (!is_turned(first + lane)) {
        const std::size_t i = first + lane;
        const Observation<double> one{input_.cameras[input_.camera_of[i]], input_.points[input_.point_of[i]],
                                      input_.weights[i], input_.features[i]};
        std::ranges::copy(one.jacobian(bench::UnturnedBundle{}).elements, block.begin());
      }
    }
  }

  const BaInput& input_;
  bench::BaJacobian jacobian_;
};

}  // namespace

int main() { return bench::serve({"duet", {bench::ba_by<BatchedJacobian>()}}); }
