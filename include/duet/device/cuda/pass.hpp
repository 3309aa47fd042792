// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/tensor/shape.hpp>

/// One pass of a compiled formula over arrays that broadcast.
namespace duet::tensor {

template <class T, int N, int P, int M>
struct Pass {
  const Shape* whole;                      ///< to which all arrays broadcast
  const T* from[N > 0 ? N : 1];            ///< null: the graph does not depend on the elements
  const Shape* from_shape[N > 0 ? N : 1];  ///< broadcast to `whole`
  T numbers[P > 0 ? P : 1];                ///< shared by all elements; inputs N, ..., N + P - 1 of the graph
  T* to[M];                                ///< null: nobody wants this output
  const Shape* to_shape[M];                ///< broadcast to `whole`; where it is smaller, elements are summed
  int first[M];                            ///< the first output with the same target; their elements are added up
};

}  // namespace duet::tensor
