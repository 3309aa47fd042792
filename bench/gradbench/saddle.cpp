// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Transforms inside functions that are transformed: see DuetModes.

#include "saddle.hpp"

#include "../dynamic/modes.hpp"

int main() { return bench::serve({"duet", {bench::saddle<bench::DuetModes>()}}); }
