// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The Hessian of the squared error of a bundle-adjustment observation, 15 variables.

#include <array>
#include <duet/duet.hpp>

#include "../../problem/bundle.hpp"

auto hessian(const std::array<double, 11>& camera, const std::array<double, 3>& point, const double& weight,
             const std::array<double, 2>& feature) {
  constexpr auto squared_error = [](const auto&... x) {
    const auto error = bench::Bundle{}(x...);
    return error[0] * error[0] + error[1] * error[1];
  };
  return duet::hessian(squared_error, duet::wrt<0, 1, 2>)(camera, point, weight, feature);
}
