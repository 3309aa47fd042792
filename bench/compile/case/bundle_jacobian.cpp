// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The full 2x15 Jacobian of ADBench's bundle-adjustment residual.
#include <duet/duet.hpp>

#include "../../problem/bundle.hpp"

using Camera = std::array<double, 11>;
using Point = std::array<double, 3>;
using Feature = std::array<double, 2>;

auto run(const Camera& camera, const Point& point, double weight, const Feature& feature) {
  return duet::value_and_jacobian(bench::Bundle{}, duet::wrt<0, 1, 2>)(camera, point, weight, feature);
}
