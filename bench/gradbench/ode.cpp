// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "ode.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::ode<bench::DuetMap>()}}); }
