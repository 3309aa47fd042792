// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Forward mode: there are few columns and many rows. A dual carries all columns at once, in vector registers, through
// one evaluation of the function, and needs no memory but for the skin.

#include "ht.hpp"

#include "../forward/hand.hpp"

int main() { return bench::serve({"duet", {bench::ht_by<bench::DualHand>()}}); }
