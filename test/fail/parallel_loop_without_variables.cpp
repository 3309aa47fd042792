// error: duet: none of a ParallelLoop's inputs is made of variables
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tape/parallel_map.hpp>

auto square = [](std::size_t, const auto& a) { return a * a; };
#ifdef DUET_FAIL
void run(double x) { duet::ParallelLoop(10, square, x).run(0); }
#else
auto run(double x) { return duet::parallel_map(10, square, x); }
#endif
