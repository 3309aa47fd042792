// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <duet/forward/dual.hpp>
#include <stdexcept>
#include <vector>

#include "../gradbench/ht.hpp"
#include "../problem/hand_tracking.hpp"

namespace bench {

/// The Jacobian of hand tracking by duals with all columns.
class DualHand {
 public:
  explicit DualHand(const HtInput& input) : input_(input), jacobian_{input.columns(), {}} {
    if (input.pose.size() != HandTracking::pose_size) throw std::invalid_argument("a pose has 26 numbers");
  }

  const HtJacobian& operator()() {
    if (input_.problem.has_triangles()) {
      differentiate(with_variables_);
    } else {
      differentiate(of_pose_);
    }
    return jacobian_;
  }

 private:
  template <std::size_t Columns>
  using Number = duet::Dual<double, static_cast<int>(Columns)>;
  template <std::size_t Columns>
  using Skin = std::vector<std::array<Number<Columns>, 3>>;

  template <class Dual>
  void differentiate(std::vector<std::array<Dual, 3>>& skin) {
    constexpr int columns = Dual::directions;
    constexpr int in_front = columns - static_cast<int>(HandTracking::pose_size);
    jacobian_.elements.resize(3 * input_.problem.measured.size() * columns);
    std::vector<Dual> pose;
    for (const double number : input_.pose) {
      pose.push_back(Dual::variable(number, in_front + static_cast<int>(pose.size())));
    }
    input_.problem.each_error(
        pose, [&](std::size_t k) { return Dual::variable(input_.variables[k], static_cast<int>(k % 2)); }, skin,
        [&](std::size_t row, const Dual& error) {
          std::copy_n(error.tangents().data(), columns, &jacobian_.elements[row * columns]);
        });
  }

  const HtInput& input_;
  HtJacobian jacobian_;
  // memory for the skin's places
  Skin<HandTracking::pose_size> of_pose_;
  Skin<HandTracking::pose_size + 2> with_variables_;
};

}  // namespace bench
