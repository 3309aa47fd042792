// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The dynamic tape, as the expansion is recursive and its depth is known at run time only. Minors of five rows are
// kernels: one record each, and the compiler, which sees the whole formula, finds that their gradients are made of the
// smaller minors.

#include "det.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::det<bench::DuetMap>()}}); }
