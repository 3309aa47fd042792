// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "lstm.hpp"

#include "../dynamic/duet.hpp"

int main() { return bench::serve({"duet", {bench::lstm<bench::DuetMap>()}}); }
