// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Statements on tensors with their gradients, against libtorch on one thread:
//   tensor_statement [N...]      (sizes of the long chain; default 1000, 100000 and 10000000)

#include <cstdio>
#include <cstdlib>

#include "harness.hpp"
#include "random.hpp"
#include "tensor/race.hpp"

namespace {

/// Nanoseconds per byte when two arrays are read and one is written, all of this many numbers.
double ns_per_byte(std::size_t size) {
  std::vector<double> a(size, 1.0), b(size, 2.0), c(size);
  bench::Race race;
  race.add(
      [&] {
        for (std::size_t i = 0; i < size; ++i) c[i] = a[i] + 3 * b[i];
        bench::keep(c[0]);
      },
      1);
  race.run(7);
  return race.nanoseconds(0) / (24.0 * static_cast<double>(size));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {1000, 100000, 10000000};
  for (const std::size_t n : sizes) {
    for (const bool sigmoid : {true, false}) {
      const bench::ChainData data{sigmoid, bench::uniform(n, -1, 1), bench::uniform(n, 0, 2), bench::uniform(n, -2, 2),
                                  bench::uniform(n, -1, 1)};
      // at the least four arrays are read and two gradients written
      const double traffic = n < 1000000 ? 0 : ns_per_byte(n) * 48.0 * static_cast<double>(n);
      bench::run(std::string(sigmoid ? "sigmoid" : "relu") + " chain, n = " + std::to_string(n), data, traffic);
    }
  }
  bench::run("ten operations, n = 8", bench::SmallData{bench::uniform(8, 0.5, 1), bench::uniform(8, 0.5, 1)}, 0);
}
