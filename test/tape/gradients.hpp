// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include <duet/duet.hpp>

/// Gradients of records, to compare with those of loops.
namespace gradients {

using Row = std::vector<duet::Var<double>>;

/// Sweeps from `y` and takes the gradient of some variables.
inline std::vector<double> gradient(duet::DynamicTape<double>& tape, const duet::Var<double>& y, const Row& x) {
  tape.zero_grad();
  tape.backward(y);
  std::vector<double> result;
  for (const duet::Var<double>& one : x) result.push_back(one.grad());
  return result;
}

inline void check_close(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-12));
  }
}

}  // namespace gradients
