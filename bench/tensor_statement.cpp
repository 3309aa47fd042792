// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Statements on tensors with their gradients, against libtorch on one thread:
//   tensor_statement [N...]      (sizes of the long chain; default 1000, 100000 and 10000000)

#include <cstdio>
#include <cstdlib>

#include <duet/tape/lanes.hpp>
#include <duet/tensor/memory.hpp>

#include "harness.hpp"
#include "random.hpp"
#include "tensor/race.hpp"

namespace {

/// The memory traffic of a chain and nothing else, in memory as tensors have it: four arrays are read, and two, the
/// gradients, are written past the caches, by whole lines: half lines of two arrays in turn take more than twice as
/// long.
class Traffic {
 public:
  explicit Traffic(std::size_t size) : arrays_(6, Array(size, 1.0)) {}

  void operator()() {
    using B = duet::tape::Lanes<double>;
    const double *a = arrays_[0].data(), *b = arrays_[1].data(), *c = arrays_[2].data(), *d = arrays_[3].data();
    double *x = arrays_[4].data(), *y = arrays_[5].data();
    constexpr std::size_t line = 64 / sizeof(double);
    const auto add = [](const double* from, const double* with, double* to) {
      for (std::size_t k = 0; k < line; k += B::size) B::stream(to + k, B::load(from + k) + B::load(with + k));
    };
    for (std::size_t i = 0; i + line <= arrays_[0].size(); i += line) {
      add(a + i, b + i, x + i);
      add(c + i, d + i, y + i);
    }
    duet::simd::end_streams();
    bench::keep(*x);
    bench::keep(*y);
  }

 private:
  using Array = std::vector<double, duet::tensor::Allocator<double>>;
  std::vector<Array> arrays_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoull(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {1000, 100000, 10000000};
  for (const std::size_t n : sizes) {
    for (const bool sigmoid : {true, false}) {
      const bench::ChainData data{sigmoid, bench::uniform(n, -1, 1), bench::uniform(n, 0, 2), bench::uniform(n, -2, 2),
                                  bench::uniform(n, -1, 1)};
      std::function<void()> traffic;
      if (n >= 1000000) traffic = Traffic(n);
      bench::run(std::string(sigmoid ? "sigmoid" : "relu") + " chain, n = " + std::to_string(n), data, traffic);
    }
  }
  bench::run("ten operations, n = 8", bench::SmallData{bench::uniform(8, 0.5, 1), bench::uniform(8, 0.5, 1)});
}
