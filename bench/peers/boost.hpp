// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <boost/math/differentiation/autodiff.hpp>
#include <cstddef>

#include "forward.hpp"

namespace bench {

/// Its numbers are polynomials of one variable, here of the first degree, so one direction at a time.
struct BoostNumbers {
  static constexpr const char* name = "Boost autodiff";
  static constexpr std::size_t width = 1;
  static constexpr bool takes_plain_numbers = true;

  template <class T, std::size_t N>
  using Number = boost::math::differentiation::autodiff_fvar<T, 1>;

  template <std::size_t N, class T>
  static Number<T, N> number(const T& value, const std::array<T, N>& tangents) {
    return value + tangents[0] * boost::math::differentiation::make_fvar<T, 1>(T(0.0));
  }
  template <class Number>
  static auto tangent(const Number& number, std::size_t) {
    return number.derivative(1);
  }
  template <class Number>
  static double value(const Number& number) {
    return number.derivative(0);
  }
};

using Boost = ForwardTool<BoostNumbers>;

}  // namespace bench
