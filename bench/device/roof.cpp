// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include "roof.hpp"

#include <omp.h>

#include <xsimd/xsimd.hpp>

#include "seconds.hpp"

namespace bench {
namespace {

/// Two arrays are read and two are written, as for values and gradients.
double bytes_per_second() {
  const std::size_t n = 10000000;
  std::vector<double> a(n, 1), b(n, 2), c(n), d(n);
  const auto add = [&] {
#pragma omp parallel for simd
    for (std::size_t i = 0; i < n; ++i) {
      c[i] = a[i] + b[i];
      d[i] = a[i] - b[i];
    }
    keep(c[0]);
    keep(d[0]);
  };
  return 32.0 * n / seconds_of(add, [] {});
}

/// Independent chains of multiplications and additions, enough to keep all units busy.
double operations_per_second() {
  using Batch = xsimd::batch<double>;
  constexpr int chains = 12, steps = 100000;
  const auto multiply_and_add = [&] {
#pragma omp parallel
    {
      Batch x[chains], factor(0.999), term(0.001);
      for (int k = 0; k < chains; ++k) x[k] = Batch(k);
      for (int i = 0; i < steps; ++i) {
        for (int k = 0; k < chains; ++k) x[k] = xsimd::fma(x[k], factor, term);
      }
      keep(x);
    }
  };
  const double operations = 2.0 * Batch::size * chains * steps * omp_get_max_threads();
  return operations / seconds_of(multiply_and_add, [] {});
}

}  // namespace

Roof roof_of_processor() { return {bytes_per_second(), operations_per_second()}; }

}  // namespace bench
