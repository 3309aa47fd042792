// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <doctest/doctest.h>

#include <random>
#include <tuple>

#include "function.hpp"

namespace {

using namespace lanes;

/// Numbers evenly spread, and their logarithms evenly spread towards zero.
struct Sampler {
  double low, high;
  std::mt19937_64 generator{1};

  double part() { return std::generate_canonical<double, 53>(generator); }
  double operator()() {
    const double even = low + (high - low) * part();
    const double towards_zero = (part() < 0.5 ? low : high) * std::pow(10, -20 * part());
    return low > 0 || part() < 0.5 ? even : towards_zero;
  }
};

/// Checks the error at 30000 arguments.
void check(const Function& f, double low, double high, double most_units) {
  Sampler draw{low, high};
  double worst = 0, at = 0;
  for (int i = 0; i < 30000; i += B::size) {
    double x[B::size], y[B::size];
    for (double& one : x) one = draw();
    f.of_batch(B::load_unaligned(x), B(0.0)).store_unaligned(y);
    for (std::size_t k = 0; k < B::size; ++k) {
      const double error = units(y[k], f.exact(x[k], 0));
      if (!(error <= worst)) std::tie(worst, at) = std::pair{error, x[k]};
    }
  }
  INFO(f.name << " in [" << low << ", " << high << "] at " << at);
  CHECK(worst <= most_units);
}

}  // namespace

TEST_CASE("exponentials and logarithms are within a unit in the last place, or two") {
  if (!can_run()) return;
  check(exp_of, -745.2, 709.8, 1.1);
  check(exp_of, -3, 3, 1.1);
  check(exp2_of, -1075, 1024, 1.1);
  check(exp2_of, -3, 3, 1.1);
  check(expm1_of, -45, 709.8, 2);
  check(expm1_of, -2, 2, 2);
  for (const Function& f : {log_of, log2_of, log10_of}) {
    check(f, 0, 5, 1.3);
    check(f, 0.7, 1.5, 1.3);
    check(f, 0, 1e308, 1.3);
    check(f, 0, 1e-300, 1.3);
  }
  check(log1p_of, -1, 4, 1.5);
  check(log1p_of, -0.1, 1e300, 1.5);
}

TEST_CASE("hyperbolic functions and their inverses are within three units in the last place") {
  if (!can_run()) return;
  for (const Function& f : {sinh_of, cosh_of, tanh_of}) {
    check(f, -3, 3, 3);
    check(f, -710.4, 710.4, 3);
  }
  check(asinh_of, -5, 5, 3);
  check(asinh_of, -1e10, 1e308, 3);
  check(acosh_of, 1, 5, 3);
  check(acosh_of, 1, 1e308, 3);
  check(atanh_of, -1, 1, 3);
}

TEST_CASE("the error of powers grows only slowly with their exponents") {
  if (!can_run()) return;
#ifdef __FMA__
  const double growth = 0.06;
#else
  const double growth = 1;
#endif
  for (const double most : {1.0, 30.0, 200.0}) {
    Sampler base{0.01, 20}, exponent{-most, most};
    double worst = 0;
    for (int i = 0; i < 30000; i += B::size) {
      double x[B::size], y[B::size], z[B::size];
      for (double& one : x) one = base();
      for (double& one : y) one = exponent();
      pow_of.of_batch(B::load_unaligned(x), B::load_unaligned(y)).store_unaligned(z);
      for (std::size_t k = 0; k < B::size; ++k) {
        worst = std::max(worst, units(z[k], pow_of.exact(x[k], y[k])) / (2 + growth * std::abs(y[k] * std::log(x[k]))));
      }
    }
    INFO("exponents up to " << most);
    CHECK(worst <= 1);
  }
}
