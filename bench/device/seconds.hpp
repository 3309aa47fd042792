// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <chrono>

#include "../harness.hpp"

namespace bench {

/// The median time of a call in seconds, when calls follow one another; `wait()` returns when their work is done.
template <class Call, class Wait>
double seconds_of(const Call& call, const Wait& wait) {
  const auto many = [&](int calls) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < calls; ++i) call();
    wait();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  int calls = 1;
  while (many(calls) < 0.02) calls *= 2;
  std::vector<double> times;
  for (int i = 0; i < 25; ++i) times.push_back(many(calls) / calls);
  return median(times);
}

}  // namespace bench
