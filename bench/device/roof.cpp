// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include "roof.hpp"

#include <omp.h>

#include <xsimd/xsimd.hpp>

#include "../harness.hpp"

namespace bench {
namespace {

constexpr std::size_t n = 10000000;
constexpr int chains = 12, steps = 100000;
using Batch = xsimd::batch<double>;

/// As much is read and written as for values and gradients.
struct Move {
  std::vector<double> a, b, c, d;
  Move() : a(n, 1), b(n, 2), c(n), d(n) {}
  void operator()() {
#pragma omp parallel for simd
    for (std::size_t i = 0; i < n; ++i) {
      c[i] = a[i] + b[i];
      d[i] = a[i] - b[i];
    }
    keep(c[0]);
    keep(d[0]);
  }
};

/// Independent chains, enough to keep all units busy.
void compute() {
#pragma omp parallel
  {
    Batch x[chains], factor(0.999), term(0.001);
    for (int k = 0; k < chains; ++k) x[k] = Batch(k);
    for (int i = 0; i < steps; ++i) {
      for (int k = 0; k < chains; ++k) x[k] = xsimd::fma(x[k], factor, term);
    }
    keep(x);
  }
}

}  // namespace

Roof roof_of_processor() {
  return {Move(), 32.0 * n, compute, 2.0 * Batch::size * chains * steps * omp_get_max_threads()};
}

}  // namespace bench
