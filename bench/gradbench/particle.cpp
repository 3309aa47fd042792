// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Transforms inside functions that are transformed: see DuetModes. A step of Euler's method is a kernel, so that the
// tape of the outer reverse mode has one record for each, which the compiler has differentiated together with the
// gradient in it.

#include "particle.hpp"

#include "../dynamic/duet.hpp"
#include "../dynamic/modes.hpp"

int main() { return bench::serve({"duet", {bench::particle<bench::DuetModes, bench::DuetLoop>()}}); }
