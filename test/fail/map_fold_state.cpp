// error: duet: map_fold needs a function that returns what its first argument is
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tape/map_fold.hpp>

#include <tuple>
#include <vector>

const std::vector<double> items{1, 2}, points{0.5};
auto step = [](auto state, auto item, auto x) { return std::tuple(state * x, item); };
auto next = [](auto state, auto item, auto x) { return state * x + item; };
#ifdef DUET_FAIL
auto run() { return duet::map_fold(step, 0.0, duet::along(items), duet::each(points)); }
#else
auto run() { return duet::map_fold(next, 0.0, duet::along(items), duet::each(points)); }
#endif
