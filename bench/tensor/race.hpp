// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cmath>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

#include "../harness.hpp"
#include "task.hpp"

namespace bench {

/// Races Duet and libtorch through a task, after a look at their results, and prints a line. `traffic` moves as much
/// memory as the task has to, where that matters.
template <class Data>
void run(const std::string& name, const Data& data, std::function<void()> traffic = {}) {
  const auto duet = duet_task(data), torch = torch_task(data);
  Race race;
  race.add([&] { keep(duet->step()); }, 1);
  if (torch) race.add([&] { keep(torch->step()); }, 1);
  const std::size_t moves = traffic ? race.add(std::move(traffic), 1) : 0;
  if (torch) {
    if (const double a = duet->step(), b = torch->step(); std::abs(a - b) > 1e-9 * std::abs(b)) {
      throw std::runtime_error(name + ": the values differ");
    }
    const std::vector<double> a = duet->gradients(), b = torch->gradients();
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (!(std::abs(a[i] - b[i]) <= 1e-9 * (1 + std::abs(b[i]))))
        throw std::runtime_error(name + ": a wrong gradient");
    }
  }
  race.run(15);
  std::printf("%-24s %12.3f us", name.c_str(), race.nanoseconds(0) * 1e-3);
  if (torch) std::printf(" %12.3f us   Duet/libtorch %.3f", race.nanoseconds(1) * 1e-3, race.ratio(0, 1));
  const double peak = duet->peak_bytes();
  std::printf("   peak %.3g MB", peak * 1e-6);
  if (torch) std::printf(" (%.2f of libtorch's)", peak / torch->peak_bytes());
  if (moves > 0) std::printf("   %.2f x the time of its memory traffic", race.ratio(0, moves));
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace bench
