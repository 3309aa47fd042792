// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Zeros of both signs, infinities, NaN, subnormal numbers and the ends of the domains: the constant algorithms give
// what libm gives, sign of zero included.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>

#include "duet/math/math.hpp"

namespace {

namespace own = duet::math::constant;

using limits = std::numeric_limits<double>;

const double values[] = {0.0,
                         limits::denorm_min(),
                         1e-310,
                         limits::min(),
                         std::nextafter(limits::min(), 0.0),
                         1e-300,
                         0x1p-60,
                         0x1p-54,
                         0x1p-40,
                         0x1p-27,
                         1e-3,
                         0.17,
                         0.35,
                         0.5,
                         std::nextafter(0.5, 0.0),
                         0.785,
                         std::nextafter(1.0, 0.0),
                         1.0,
                         std::nextafter(1.0, 2.0),
                         1.5,
                         2.0,
                         2.5,
                         3.0,
                         4.0,
                         5.0,
                         6.0,
                         7.0,
                         8.0,
                         16.0,
                         22.0,
                         27.0,
                         28.0,
                         40.0,
                         100.0,
                         171.6,
                         171.7,
                         184.5,
                         709.0,
                         709.782712893384,
                         709.7827128933841,
                         710.4758600739439,
                         710.475860073944,
                         745.1332191019411,
                         745.1332191019412,
                         745.2,
                         1000.0,
                         1023.0,
                         1024.0,
                         1074.0,
                         1075.0,
                         1076.0,
                         0x1p24,
                         0x1p52,
                         0x1p53 - 1,
                         0x1p53,
                         0x1p60,
                         1e22,
                         1e300,
                         2.5e305,
                         2.6e305,
                         limits::max(),
                         limits::infinity(),
                         limits::quiet_NaN()};

/// Equal up to one unit in the last place; zeros only with equal signs, and NaN (of any sign) only with NaN.
bool agree(double a, double b, std::int64_t units = 1) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  if (std::signbit(a) != std::signbit(b)) return false;
  const auto distance = std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b);
  return -units <= distance && distance <= units;
}

struct Unary {
  const char* name;
  double (*constant)(double);
  double (*libm)(double);
  int units;
};

/// `units` is above 1 where libm itself is that far off; see accuracy.test.cpp.
const Unary unary[] = {
    {"sqrt", own::sqrt, ::sqrt, 0},       {"cbrt", own::cbrt, ::cbrt, 3},    {"exp", own::exp, ::exp, 1},
    {"exp2", own::exp2, ::exp2, 1},       {"expm1", own::expm1, ::expm1, 1}, {"log", own::log, ::log, 1},
    {"log2", own::log2, ::log2, 1},       {"log10", own::log10, ::log10, 2}, {"log1p", own::log1p, ::log1p, 1},
    {"sin", own::sin, ::sin, 1},          {"cos", own::cos, ::cos, 1},       {"tan", own::tan, ::tan, 1},
    {"asin", own::asin, ::asin, 1},       {"acos", own::acos, ::acos, 1},    {"atan", own::atan, ::atan, 1},
    {"sinh", own::sinh, ::sinh, 2},       {"cosh", own::cosh, ::cosh, 2},    {"tanh", own::tanh, ::tanh, 2},
    {"asinh", own::asinh, ::asinh, 2},    {"acosh", own::acosh, ::acosh, 2}, {"atanh", own::atanh, ::atanh, 2},
    {"erf", own::erf, ::erf, 1},          {"erfc", own::erfc, ::erfc, 4},    {"tgamma", own::tgamma, ::tgamma, 8},
    {"lgamma", own::lgamma, ::lgamma, 8}, {"floor", own::floor, ::floor, 0}, {"ceil", own::ceil, ::ceil, 0},
    {"round", own::round, ::round, 0},    {"trunc", own::trunc, ::trunc, 0}, {"abs", own::abs, ::fabs, 0},
};

struct Binary {
  const char* name;
  double (*constant)(double, double);
  double (*libm)(double, double);
  int units;
};

const Binary binary[] = {
    {"pow", own::pow, ::pow, 1},    {"atan2", own::atan2, ::atan2, 1},          {"hypot", own::hypot, ::hypot, 1},
    {"fmod", own::fmod, ::fmod, 0}, {"copysign", own::copysign, ::copysign, 0},
};

TEST_CASE("functions of one argument give libm's results at special values of both signs") {
  for (const Unary& f : unary) {
    for (const double magnitude : values) {
      for (const double x : {magnitude, -magnitude}) {
        CAPTURE(std::string(f.name));
        CAPTURE(x);
        CAPTURE(f.constant(x));
        CAPTURE(f.libm(x));
        CHECK(agree(f.constant(x), f.libm(x), f.units));
      }
    }
  }
}

TEST_CASE("functions of two arguments give libm's results at special values of both signs") {
  for (const Binary& f : binary) {
    for (const double a : values) {
      for (const double b : values) {
        for (const double x : {a, -a}) {
          for (const double y : {b, -b}) {
            if (agree(f.constant(x, y), f.libm(x, y), f.units)) continue;
            CAPTURE(std::string(f.name));
            CAPTURE(x);
            CAPTURE(y);
            CHECK(f.constant(x, y) == f.libm(x, y));
          }
        }
      }
    }
  }
}

TEST_CASE("fma and the norm of three numbers give libm's results at special values of both signs") {
  const double few[] = {
      0.0, 5e-324, 1e-310, 1.0, 3.0, 1e-160, 1e300, limits::max(), limits::infinity(), limits::quiet_NaN()};
  for (const double x : few) {
    for (const double y : few) {
      for (const double z : few) {
        for (const double c : {z, -z}) {
          CAPTURE(x);
          CAPTURE(y);
          CAPTURE(c);
          CHECK(agree(own::fma(x, y, c), std::fma(x, y, c), 0));
          CHECK(agree(own::fma(-x, y, c), std::fma(-x, y, c), 0));
          // libstdc++'s norm of three is wrong for some arguments that are not finite.
          const bool infinite = std::isinf(x) || std::isinf(y) || std::isinf(c), none = std::isnan(x + y + c);
          const double otherwise = none ? limits::quiet_NaN() : std::hypot(x, y, c);
          CHECK(agree(own::hypot(x, y, c), infinite ? limits::infinity() : otherwise));
        }
      }
    }
  }
}

TEST_CASE("classification agrees with libm for every special value") {
  for (const double magnitude : values) {
    for (const double x : {magnitude, -magnitude}) {
      CHECK(own::isnan(x) == std::isnan(x));
      CHECK(own::isinf(x) == std::isinf(x));
      CHECK(own::isfinite(x) == std::isfinite(x));
      CHECK(own::signbit(x) == std::signbit(x));
    }
  }
}

TEST_CASE("lgamma keeps its relative accuracy at the doubles nearest to its negative zeros") {
  struct Zero {
    double x, value;
  };
  // The doubles nearest to the zeros, and log |Gamma| there from mpmath.
  const Zero zeros[] = {
      {-2.4570247382208006, 5.619192358950097e-17},  {-2.7476826467274127, 1.733509244024501e-16},
      {-3.14358088834998, 1.6978655906121085e-15},   {-3.955294284858598, -4.14382750757705e-16},
      {-4.039361839740537, -5.664578074060335e-15},  {-4.991544640560048, 1.7683619350849613e-14},
      {-5.0082181683225935, 5.4188509265538106e-15}, {-5.998607480080875, -2.3721063667118474e-13},
      {-6.001385294453155, -4.6433836942838004e-14}, {-6.999801507890638, 5.313011065735902e-14},
      {-7.000198333407325, -1.263203743493977e-12},  {-7.999975197095821, -2.1213071311827735e-12},
      {-8.000024800270682, 1.75595561986039e-11},
  };
  for (const Zero& zero : zeros) {
    CAPTURE(zero.x);
    CHECK(agree(own::lgamma(zero.x), zero.value, 0));
  }
}

TEST_CASE("at run time the functions are libm's") {
  for (const double x : values) {
    CHECK(agree(duet::math::sin(x), std::sin(x), 0));
    CHECK(agree(duet::math::exp(-x), std::exp(-x), 0));
    CHECK(agree(duet::math::lgamma(x), std::lgamma(x), 0));
    CHECK(agree(duet::math::pow(x, 0.3), std::pow(x, 0.3), 0));
    CHECK(agree(static_cast<double>(duet::math::lgamma(static_cast<float>(x))), std::lgamma(static_cast<float>(x)), 0));
    CHECK(agree(static_cast<double>(duet::math::cos(static_cast<float>(x))), std::cos(static_cast<float>(x)), 0));
  }
  CHECK(duet::math::lgamma(0.25L) == std::lgamma(0.25L));
  CHECK(duet::math::erf(0.25L) == std::erf(0.25L));
}

TEST_CASE_TEMPLATE("sine and cosine at once are what they are one by one", T, float, double, long double) {
  const auto same = [](T a, T b) {
    return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
  };
  const auto check = [&](T x) {
    const auto both = duet::math::sincos(x);
    CAPTURE(x);
    CHECK(same(both.first, std::sin(x)));
    CHECK(same(both.second, std::cos(x)));
  };
  for (const double magnitude : values) {
    check(static_cast<T>(magnitude));
    check(static_cast<T>(-magnitude));
  }
  for (int k = -2000; k <= 2000; ++k) check(static_cast<T>(k) * T(0.37));
}

}  // namespace
