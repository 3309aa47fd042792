// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the table of forward steps for docs/memory.md.

#include <cstdio>
#include <duet/tape/revolve.hpp>

int main() {
  std::printf("| steps \\ snapshots |");
  for (std::size_t s : {1, 2, 3, 5, 10, 20, 50}) std::printf(" %zu |", s);
  std::printf("\n|---|---|---|---|---|---|---|---|\n");
  for (std::size_t steps : {10, 100, 1'000, 10'000, 100'000, 1'000'000}) {
    std::printf("| %zu |", steps);
    for (std::size_t s : {1, 2, 3, 5, 10, 20, 50}) {
      std::printf(" %.2f |", double(duet::revolve::forward_steps(steps, s)) / double(steps));
    }
    std::printf("\n");
  }
}
