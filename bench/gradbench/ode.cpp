// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Maps on the dynamic tape: a step of all components is one record, with the four stages in registers. The number of
// steps is known at run time only. The sweep passes over components that the last one doesn't depend on. Of the rows of
// long runs with many components only a few are kept (checkpointed_loop).

#include "ode.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::ode<bench::DuetMap>()}}); }
