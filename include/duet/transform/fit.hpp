// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tree/path.hpp>
#include <duet/tree/sequence.hpp>

/// Whether directions fit what they are multiplied with. Each is asked twice: for its structure when it is compiled,
/// and where sizes are known later for these.
namespace duet::transform {

/// Whether tangents have the structure of the primals.
template <class X, class V>
constexpr bool tangents_fit() {
  static_assert(tree::mismatch<X, V>::fits,
                "duet: the tangents must have the structure of the primals (same tuples, same array sizes)");
  return true;
}
/// Throws unless they have their sizes.
template <class X, class V>
void require_fitting_tangents(const X& primals, const V& tangents) {
  tree::require_same_shape(primals, tangents, "duet: the tangents must have the sizes of the primals");
}

/// Whether cotangents have the structure of the result `Y`.
template <class Y, class W>
constexpr bool cotangents_fit() {
  static_assert(tree::mismatch<Y, W>::fits, "duet: the cotangents must have the structure of the function's result");
  return true;
}
/// Throws unless they have its sizes.
template <class Y, class W>
void require_fitting_cotangents(const Y& result, const W& cotangents) {
  tree::require_same_shape(result, cotangents, "duet: the cotangents must have the sizes of the function's result");
}

}  // namespace duet::transform
