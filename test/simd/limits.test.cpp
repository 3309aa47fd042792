// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <doctest/doctest.h>

#include <vector>

#include "function.hpp"

namespace {

using namespace lanes;
using limits = std::numeric_limits<double>;

/// Zeros, infinities, NaN, subnormal numbers, and the ends of the domains and ranges.
std::vector<double> edges() {
  std::vector<double> result{not_a_number};
  for (const double x : {0.0,
                         limits::denorm_min(),
                         1e-310,
                         limits::min(),
                         0x1p-54,
                         0x1p-27,
                         0.5,
                         1.0,
                         2.0,
                         3.0,
                         20.0,
                         40.0,
                         708.3964185322641,
                         709.782712893384,
                         709.7827128933841,
                         710.4758600739439,
                         710.475860073944,
                         711.0,
                         745.1332191019411,
                         745.1332191019412,
                         746.0,
                         1022.0,
                         1023.5,
                         1024.0,
                         1074.0,
                         1075.0,
                         1076.0,
                         0x1p27,
                         0x1p52,
                         0x1p60,
                         1e300,
                         limits::max(),
                         infinity}) {
    result.insert(result.end(), {x, -x, std::nextafter(x, 0.0), -std::nextafter(x, 0.0)});
  }
  return result;
}

/// Asks for the result in the last lane, beside ones and beside its like.
void check(const Function& f, double x, double y, double most_units) {
  const double expected = f.in_library(x, y);
  const long double exact = f.exact(x, y);
  for (const bool beside_ones : {true, false}) {
    double a[B::size], b[B::size], z[B::size];
    std::fill_n(a, B::size, beside_ones ? 1 : x);
    std::fill_n(b, B::size, beside_ones ? 1 : y);
    a[B::size - 1] = x;
    b[B::size - 1] = y;
    f.of_batch(B::load_unaligned(a), B::load_unaligned(b)).store_unaligned(z);
    const double result = z[B::size - 1];
    INFO(f.name << " at " << x << ", " << y << ": " << result << " instead of " << expected);
    CHECK((result == expected || units(result, exact) <= most_units));
    if (!std::isnan(expected)) CHECK(std::signbit(result) == std::signbit(expected));
  }
}

}  // namespace

TEST_CASE("functions of one number have the limits of the C library's, in every lane") {
  if (!can_run()) return;
  for (const Function& f : {exp_of, exp2_of, expm1_of, log_of, log2_of, log10_of, log1p_of, sinh_of, cosh_of, tanh_of,
                            asinh_of, acosh_of, atanh_of}) {
    for (const double x : edges()) check(f, x, 0, 3);
  }
}

TEST_CASE("powers have all the limits that C's annex F lists") {
  if (!can_run()) return;
  for (const double a : edges()) {
    for (const double b : edges()) {
      if (const double size = std::abs(b * std::log(std::abs(a))); size < 50 || !(size < 800)) check(pow_of, a, b, 60);
    }
  }
}

TEST_CASE("integers are exact where the results are integers") {
  if (!can_run()) return;
  for (int k = -1074; k < 1024; ++k) {
    CHECK(xsimd::all(exp2(B(k)) == B(std::ldexp(1.0, k))));
    CHECK(xsimd::all(log2(B(std::ldexp(1.0, k))) == B(k)));
  }
#ifdef __FMA__
  for (int k = -5; k <= 22; ++k) {
    const double power = std::pow(10.0, k);
    CHECK(xsimd::all(log10(B(power)) == B(std::log10(power))));
  }
  for (int a = 1; a < 100; ++a) {
    for (int b = 0; b <= 3; ++b) CHECK(xsimd::all(pow(B(a), B(b)) == B(std::pow(a, b))));
  }
#endif
}
