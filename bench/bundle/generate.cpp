// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Writes a generated problem:  generate_bal > small.bal.txt  or  generate_bal CAMERAS POINTS > other.bal.txt

#include <cstddef>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>

#include "bal.hpp"
#include "synthetic.hpp"

int main(int argc, char** argv) {
  try {
    if (argc == 1) {
      bal::write(bal::small_problem(), std::cout);
    } else if (argc == 3) {
      const std::size_t cameras = std::stoul(argv[1]);
      bal::write(bal::synthetic(cameras, std::stoul(argv[2]), 2.0 / static_cast<double>(cameras), 0.5), std::cout);
    } else {
      throw std::invalid_argument("usage: generate_bal [CAMERAS POINTS]");
    }
  } catch (const std::exception& error) {
    std::cerr << "generate_bal: " << error.what() << '\n';
    return 1;
  }
}
