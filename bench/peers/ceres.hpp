// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <ceres/jet.h>

#include <array>
#include <cstddef>

#include "forward.hpp"

namespace bench {

struct CeresJets {
  static constexpr const char* name = "ceres::Jet";
  static constexpr std::size_t width = 16;  // directions at once
  static constexpr bool takes_plain_numbers = false;

  template <class T, std::size_t N>
  using Number = ceres::Jet<T, static_cast<int>(N)>;

  template <std::size_t N, class T>
  static Number<T, N> number(const T& value, const std::array<T, N>& tangents) {
    Number<T, N> result(value);
    for (std::size_t d = 0; d < N; ++d) {
      result.v[static_cast<int>(d)] = tangents[d];
    }
    return result;
  }
  template <class T, int N>
  static T tangent(const ceres::Jet<T, N>& number, std::size_t direction) {
    return number.v[static_cast<int>(direction)];
  }
  template <int N>
  static double value(const ceres::Jet<double, N>& number) {
    return number.a;
  }
};

/// Ceres' forward mode.
using Ceres = ForwardTool<CeresJets>;

}  // namespace bench
