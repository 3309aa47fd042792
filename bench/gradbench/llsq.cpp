// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A fold on the dynamic tape: Horner's scheme along the coefficients, for all points, is one record. Forward and
// backward it runs in SIMD batches, and a point's value stays in a register from coefficient to coefficient.

#include "llsq.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::llsq<bench::DuetMap>()}}); }
