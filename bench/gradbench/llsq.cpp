// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Maps on the dynamic tape: a step of Horner's scheme for all points is one record, run forward and backward in SIMD
// batches, with the coefficient shared by all of them.

#include "llsq.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::llsq<bench::DuetMap>()}}); }
