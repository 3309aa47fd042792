// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

/// What the tests of the seed documents' programs share.
namespace seed {

using T = duet::Tensor<double>;

/// Whether a tensor has these elements, up to `tolerance`.
inline bool is(const T& x, std::initializer_list<double> numbers, double tolerance = 0) {
  const std::vector<double> elements = x.defined() ? x.vector() : std::vector<double>();
  return x.defined() && std::equal(elements.begin(), elements.end(), numbers.begin(), numbers.end(),
                                   [&](double a, double b) { return std::abs(a - b) <= tolerance; });
}
inline bool same(const T& x, const T& y, double tolerance = 0) {
  const std::vector<double> a = x.vector(), b = y.vector();
  return x.shape() == y.shape() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](double a, double b) { return std::abs(a - b) <= tolerance; });
}
inline T leaf(T x) { return x.requires_grad(); }

}  // namespace seed
