// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include <duet/tree/tree.hpp>

/// Checks that two structures have the same leaves, to rounding.
template <class T>
void check_close(const T& a, const T& b) {
  std::vector<double> numbers;
  duet::tree::for_each_leaf(b, [&](double x) { numbers.push_back(x); });
  std::size_t k = 0;
  duet::tree::for_each_leaf(a, [&](double x) { CHECK(x == doctest::Approx(numbers.at(k++)).epsilon(1e-9)); });
}
