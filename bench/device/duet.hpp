// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/device.hpp>

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

}  // namespace bench
