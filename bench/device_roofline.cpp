// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the rows of docs/data/roofline.csv for this processor:
//   device_roofline_<back end> NAME [N]      (default 10000000)

#include <cstdlib>

#include "device/roofline.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s NAME [N]\n", argv[0]);
    return 1;
  }
  const std::size_t n = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10000000;
  bench::print_roofline(argv[1], bench::roof_of_processor(), n, [] {});
}
