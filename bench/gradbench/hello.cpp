// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A kernel on the dynamic tape: one record, differentiated when this was compiled.

#include "hello.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::hello<bench::DuetMap>()}}); }
