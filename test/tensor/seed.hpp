// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <initializer_list>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

/// What the tests of the seed documents' programs share.
namespace seed {

using T = duet::Tensor<double>;

/// Whether a tensor has these elements, up to `tolerance`.
inline bool is(const T& x, std::initializer_list<double> numbers, double tolerance = 0) {
  if (!x.defined() || x.size() != numbers.size()) return false;
  const double* at = x.data();
  for (const double number : numbers) {
    if (!(std::abs(*at++ - number) <= tolerance)) return false;
  }
  return true;
}
inline bool same(const T& x, const T& y, double tolerance = 0) {
  if (x.shape() != y.shape()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(std::abs(x.data()[i] - y.data()[i]) <= tolerance)) return false;
  }
  return true;
}
inline T leaf(T x) { return x.requires_grad(); }

}  // namespace seed
