// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The static tape: an observation's residual has 15 inputs and no loops, so that the compiler can make one formula of
// both rows of its Jacobian. SIMD batches go through it, an observation in each lane. A camera that is not turned has a
// formula of its own, and lanes cannot branch, so that its observations are taken one by one.

#include "ba.hpp"

#include "../static/bundle.hpp"

int main() { return bench::serve({"duet", {bench::ba_by<bench::BatchedBundle>()}}); }
