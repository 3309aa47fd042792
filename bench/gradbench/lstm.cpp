// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Maps on the dynamic tape: a layer's step is one record, for all bits of a character in SIMD batches, and its
// intermediate values are computed again in the sweep. Only states are kept.

#include "lstm.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::lstm<bench::DuetMap>()}}); }
