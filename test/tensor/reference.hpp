// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include <duet/tensor/lines.hpp>

#include "check.hpp"

/// Reductions as they are defined, element by element: what those of the library are compared with.
namespace check {

/// All sorts of axes of a shape with three.
inline const std::vector<duet::Axes> some_axes{{}, 0, 1, -1, {0, 1}, {2, 0}, {1, 2}, {0, 1, 2}};

/// `fold` on the elements that belong to each result, with size 1 along the axes.
template <class T, class F>
xt::xarray<T> reference(const Tensor<T>& x, const duet::Axes& axes, const F& fold) {
  const duet::Shape kept = duet::tensor::kept_shape("reference", x.shape(), axes);
  auto result = xt::xarray<T>::from_shape(kept);
  const std::vector<T> elements = x.vector();
  std::vector<std::vector<T>> lines(result.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t rest = i, place = 0, step = 1;
    for (std::size_t axis = kept.size(); axis-- > 0;) {
      if (kept[axis] != 1) place += rest % x.shape()[axis] * step;
      rest /= x.shape()[axis];
      step *= kept[axis];
    }
    lines[place].push_back(elements[i]);
  }
  for (std::size_t k = 0; k < lines.size(); ++k) result.data()[k] = static_cast<T>(fold(lines[k]));
  return result;
}

/// Checks `f(x, axes, keep_dims)` against `fold(elements)` over all sorts of axes.
template <class T, class F, class Fold>
void check_reduction(const F& f, const Fold& fold, double tolerance) {
  for (const duet::Shape& shape : {duet::Shape{3, 4, 5}, {2, 33, 2}, {1, 7, 40}, {2, 1, 3}}) {
    const Tensor<T> x = sample<T>(shape, -2, 3);
    for (const duet::Axes& axes : some_axes) {
      const xt::xarray<T> expected = reference(x, axes, fold);
      const Tensor<T> kept = f(x, axes, true), gone = f(x, axes, false);
      REQUIRE(kept.shape() == duet::Shape(expected.shape().begin(), expected.shape().end()));
      REQUIRE(gone.shape() == duet::tensor::reduced_shape("", shape, axes));
      const std::vector<T> with_axes = kept.vector(), without = gone.vector();
      for (std::size_t i = 0; i < kept.size(); ++i) {
        const T a = with_axes[i], b = expected.data()[i];
        const bool same = std::isfinite(b) ? std::abs(a - b) <= tolerance * (1 + std::abs(b))
                                           : a == b || (std::isnan(a) && std::isnan(b));
        CHECK(same);
        CHECK((a == without[i] || std::isnan(a)));
      }
    }
  }
}

}  // namespace check
