// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cstddef>

/// The binomial schedule: how to run a loop backwards when only a few of its states can be kept. A snapshot is a state
/// that is kept, the initial one included; a forward step computes a state from the one before; to reverse a step, the
/// state before it must be at hand.
///
/// Griewank and Walther, "Algorithm 799: revolve", ACM TOMS 26(1), 2000, prove that no schedule takes fewer forward
/// steps. The names `s` (snapshots), `r` (repetitions) and `steps` (l there) are theirs.
namespace duet::revolve {

/// beta(s, r) = C(s + r, s): the most steps that `s` snapshots can reverse if none is run forward more than `r` times.
/// Stops at `enough`.
constexpr std::size_t beta(std::size_t s, std::size_t r, std::size_t enough = ~std::size_t{0}) {
  std::size_t result = 1;
  for (std::size_t k = 1; k <= r && result < enough; ++k) result = result * (s + k) / k;
  return result;
}

/// The least `r` for which `s` snapshots can reverse so many steps. Needs s > 0.
constexpr std::size_t repetitions(std::size_t steps, std::size_t s) {
  std::size_t r = 0;
  for (std::size_t reached = 1; reached < steps; reached = reached * (s + r) / r) ++r;
  return r;
}

/// t(l, s) = r l - beta(s + 1, r - 1): the forward steps that it takes to reverse l steps. Those that are needed to get
/// to the last step for the first time are counted, the reversals themselves are not.
constexpr std::size_t forward_steps(std::size_t steps, std::size_t snapshots) {
  if (steps < 2) return 0;
  const std::size_t s = std::min(snapshots, steps), r = repetitions(steps, s);
  return r * steps - beta(s + 1, r - 1);
}

/// Where the next snapshot goes, counted from the last one: `steps` are to be reversed from there, with `s` snapshots
/// of which it is the first. The step before which a snapshot is of no more use comes out as `steps - 1`.
///
/// Any m serves with beta(s, r - 2) <= m <= beta(s, r - 1) and beta(s - 1, r - 1) <= steps - m <= beta(s - 1, r), so
/// that the m steps before the snapshot are run at most r times and those after it r - 1 times more. The greatest one
/// leaves the fewest snapshots to be made after it.
constexpr std::size_t next_snapshot(std::size_t steps, std::size_t snapshots) {
  if (snapshots < 2 || steps < 2) return steps - 1;
  const std::size_t s = std::min(snapshots, steps), r = repetitions(steps, s);
  return std::min(beta(s, r - 1, steps), steps - beta(s - 1, r - 1, steps));
}

}  // namespace duet::revolve
