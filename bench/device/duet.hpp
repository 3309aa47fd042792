// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device.hpp>
#include <vector>

#include "formula.hpp"

namespace bench {

/// The sum of a formula as Duet's users write it, wherever its tensors are.
template <class X>
X sum_of(Product f, const X& x, const X& y) {
  return sum(f(x, y));
}
/// A function of numbers, since it uses values twice.
template <class X>
X sum_of(Chain f, const X& x, const X& y) {
  return duet::map_sum(f, each(x), each(y));
}

/// A tensor that wants a gradient.
template <class X>
X leaf(const std::vector<typename X::value_type>& from) {
  return X(xt::adapt(from, std::vector{from.size()})).requires_grad();
}

/// The sum; its gradients are then in the leaves.
template <class F, class X>
X value_and_gradients(F f, X& x, X& y) {
  x.set_grad({});
  y.set_grad({});
  const X loss = sum_of(f, x, y);
  loss.backward();
  return loss;
}

}  // namespace bench
