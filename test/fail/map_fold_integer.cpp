// error: duet: map_fold starts from floating-point numbers, variables, or structures of these
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tape/map_fold.hpp>

#include <vector>

const std::vector<double> items{1, 2}, points{0.5};
auto next = [](auto state, auto item, auto x) { return state * x + item; };
#ifdef DUET_FAIL
auto run() { return duet::map_fold(next, 0, duet::along(items), duet::each(points)); }
#else
auto run() { return duet::map_fold(next, 0.0, duet::along(items), duet::each(points)); }
#endif
