// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Maps on the dynamic tape: a stage of all components is one record. The number of steps is known at run time only.

#include "ode.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::ode<bench::DuetMap>()}}); }
