// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).

#include "stan.hpp"

#include "every.hpp"

int main() { return bench::serve_every<bench::Stan>(); }
