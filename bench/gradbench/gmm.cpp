// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Tensors: what is done with the points is a product of matrices (BLAS) and two passes, one over the images of the
// points and one over the components' terms of each point. The formulas between are fused statements, and the points go
// through in lots that stay in the cache, each with its own backward sweep, which is what mini-batches are elsewhere.

#include "gmm.hpp"

#include "../tensor/mixture.hpp"

int main() {
  return bench::serve({"duet", {bench::gmm_by<bench::TensorMixture, bench::OwnGradient<bench::TensorMixture>>()}});
}
