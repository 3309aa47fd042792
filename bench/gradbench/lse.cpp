// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A map that ends in a logarithm of a sum of exponentials: one record and one pass for all numbers, whose derivatives
// are computed again in the sweep, in SIMD batches, rather than kept.

#include "lse.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::lse<bench::DuetMap>()}}); }
