// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The constant algorithms against libm and against libm's long double functions, at random points of the whole domain.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>

#include "duet/math/math.hpp"

namespace {

namespace own = duet::math::constant;

constexpr int points = 1'000'000;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double most = std::numeric_limits<double>::max();

/// Steps between neighbouring doubles from a to b; 0 for two NaN, and without end for one.
double ulp_distance(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b) ? 0 : inf;
  const auto place = [](double x) {
    const auto bits = std::bit_cast<std::int64_t>(x);
    return bits < 0 ? std::numeric_limits<std::int64_t>::min() - bits : bits;
  };
  return std::abs(static_cast<double>(place(a)) - static_cast<double>(place(b))) < 1e15
             ? std::abs(static_cast<double>(place(a) - place(b)))
             : inf;
}

/// |value - exact| in units of the last place of the double nearest to `exact`.
double error_in_ulp(double value, long double exact) {
  const double nearest = static_cast<double>(exact);
  if (!std::isfinite(nearest) || !std::isfinite(value)) return ulp_distance(value, nearest);
  const double last_place = std::ldexp(1.0, std::max(nearest == 0 ? -1022 : std::ilogb(nearest), -1022) - 52);
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / last_place);
}

struct Range {
  double low, high, least, greatest;
};

/// A third uniform in [low, high], a third with uniform exponents from 2^-64 up, a third with uniform bits; the latter
/// two within [least, greatest].
class Sampler {
 public:
  Sampler(Range range, unsigned seed)
      : random_(seed),
        uniform_(range.low, range.high),
        exponent_(-64, std::log2(std::max(range.greatest, -range.least))),
        range_(range) {}

  double operator()(int i) {
    if (i % 3 == 0) return uniform_(random_);
    for (;;) {
      const double sign = random_() % 2 == 0 ? 1 : -1;
      const double x = i % 3 == 1 ? sign * std::exp2(exponent_(random_)) : std::bit_cast<double>(random_());
      if (x >= range_.least && x <= range_.greatest) return x;
    }
  }

 private:
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_, exponent_;
  Range range_;
};

/// `from_libm` bounds the distance to libm's double function, `from_exact` the error against its long double function,
/// which is off by some thousandths of a double's last place itself.  Where from_libm exceeds 1 the excess is libm's:
/// from_exact says that the constant algorithm rounds nearly correctly there too.
struct Unary {
  const char* name;
  double (*constant)(double);
  double (*libm)(double);
  long double (*exact)(long double);
  Range x;
  double from_libm, from_exact;
};

const Unary unary[] = {
    {"sqrt", own::sqrt, ::sqrt, ::sqrtl, {0, 100, 0, most}, 0, 0.5001},
    {"cbrt", own::cbrt, ::cbrt, ::cbrtl, {-100, 100, -most, most}, 3, 0.502},
    {"exp", own::exp, ::exp, ::expl, {-746, 710, -800, 800}, 1, 0.502},
    {"exp2", own::exp2, ::exp2, ::exp2l, {-1076, 1025, -1100, 1100}, 1, 0.502},
    {"expm1", own::expm1, ::expm1, ::expm1l, {-5, 5, -800, 800}, 1, 0.502},
    {"log", own::log, ::log, ::logl, {0, 10, 0, most}, 1, 0.502},
    {"log2", own::log2, ::log2, ::log2l, {0, 10, 0, most}, 1, 0.502},
    {"log10", own::log10, ::log10, ::log10l, {0, 10, 0, most}, 2, 0.502},
    {"log1p", own::log1p, ::log1p, ::log1pl, {-1, 5, -1, most}, 1, 0.502},
    {"sin", own::sin, ::sin, ::sinl, {-100, 100, -most, most}, 1, 0.502},
    {"cos", own::cos, ::cos, ::cosl, {-100, 100, -most, most}, 1, 0.502},
    {"tan", own::tan, ::tan, ::tanl, {-100, 100, -most, most}, 1, 0.502},
    {"asin", own::asin, ::asin, ::asinl, {-1, 1, -1, 1}, 1, 0.502},
    {"acos", own::acos, ::acos, ::acosl, {-1, 1, -1, 1}, 1, 0.502},
    {"atan", own::atan, ::atan, ::atanl, {-5, 5, -most, most}, 1, 0.502},
    {"sinh", own::sinh, ::sinh, ::sinhl, {-5, 5, -712, 712}, 2, 0.502},
    {"cosh", own::cosh, ::cosh, ::coshl, {-5, 5, -712, 712}, 2, 0.502},
    {"tanh", own::tanh, ::tanh, ::tanhl, {-5, 5, -most, most}, 2, 0.502},
    {"asinh", own::asinh, ::asinh, ::asinhl, {-5, 5, -most, most}, 2, 0.502},
    {"acosh", own::acosh, ::acosh, ::acoshl, {1, 10, 1, most}, 2, 0.502},
    {"atanh", own::atanh, ::atanh, ::atanhl, {-1, 1, -1, 1}, 2, 0.502},
    {"erf", own::erf, ::erf, ::erfl, {-6, 6, -10, 10}, 1, 0.502},
    {"erfc", own::erfc, ::erfc, ::erfcl, {-6, 28, -10, 30}, 4, 0.502},
    {"tgamma", own::tgamma, ::tgamma, ::tgammal, {-30, 30, -190, 172}, 8, 0.502},
    {"lgamma on the positive axis", own::lgamma, ::lgamma, ::lgammal, {0, 30, 0, most}, 2, 0.502},
    {"lgamma on the negative axis", own::lgamma, ::lgamma, ::lgammal, {-30, 0, -1e6, 0}, 8, 0.502},
    {"floor", own::floor, ::floor, ::floorl, {-100, 100, -most, most}, 0, 0},
    {"ceil", own::ceil, ::ceil, ::ceill, {-100, 100, -most, most}, 0, 0},
    {"round", own::round, ::round, ::roundl, {-100, 100, -most, most}, 0, 0},
    {"trunc", own::trunc, ::trunc, ::truncl, {-100, 100, -most, most}, 0, 0},
};

struct Binary {
  const char* name;
  double (*constant)(double, double);
  double (*libm)(double, double);
  long double (*exact)(long double, long double);
  Range x, y;
  double from_libm, from_exact;
};

const Binary binary[] = {
    {"pow", own::pow, ::pow, ::powl, {0, 20, 0, 1e6}, {-30, 30, -1e3, 1e3}, 1, 0.502},
    {"pow near one", own::pow, ::pow, ::powl, {0.99, 1.01, 0, 10}, {-7e4, 7e4, -1e300, 1e300}, 1, 0.502},
    {"pow of any bits", own::pow, ::pow, ::powl, {-20, 20, -most, most}, {-30, 30, -most, most}, 1, 0.502},
    {"atan2", own::atan2, ::atan2, ::atan2l, {-5, 5, -most, most}, {-5, 5, -most, most}, 1, 0.502},
    {"hypot", own::hypot, ::hypot, ::hypotl, {-9, 9, -most, most}, {-9, 9, -most, most}, 1, 0.502},
    {"fmod", own::fmod, ::fmod, ::fmodl, {-99, 99, -most, most}, {-9, 9, -most, most}, 0, 0},
};

TEST_CASE("each constant function of one argument agrees with libm and is nearly correctly rounded") {
  for (const Unary& f : unary) {
    Sampler sample(f.x, 0);
    double from_libm = 0, from_exact = 0, worst_libm = 0, worst_exact = 0;
    for (int i = 0; i < points; ++i) {
      const double x = sample(i), value = f.constant(x);
      const double distance = ulp_distance(value, f.libm(x)), error = error_in_ulp(value, f.exact(x));
      if (distance > from_libm) from_libm = distance, worst_libm = x;
      if (error > from_exact) from_exact = error, worst_exact = x;
    }
    MESSAGE(std::string(f.name), ": ", from_libm, " ulp from libm at ", worst_libm, ", ", from_exact,
            " ulp from long double at ", worst_exact);
    CHECK(from_libm <= f.from_libm);
    CHECK(from_exact <= f.from_exact);
  }
}

TEST_CASE("two exponentials at once are right to a unit in the last place, in either place") {
  Sampler sample({-746, 710, -800, 800}, 7);
  double error = 0;
  for (int i = 0; i < points; ++i) {
    const double x = sample(i), y = sample(i);
    const auto [a, b] = duet::math::exp_of_two(x, y);
    error = std::max({error, error_in_ulp(a, ::expl(x)), error_in_ulp(b, ::expl(y))});
  }
  MESSAGE("two exponentials: ", error, " ulp from long double");
  CHECK(error < 1);
  for (const double x : {0.0, -0.0, inf, -inf, std::nan(""), most, -most, 709.782712893384, 709.7827128933841, -708.4,
                         -745.1332191019411, -745.1332191019412, 1e-300, 5e-324}) {
    const auto [a, b] = duet::math::exp_of_two(x, 1.0);
    CAPTURE(x);
    CHECK(ulp_distance(a, std::exp(x)) <= 1);
    CHECK(ulp_distance(b, std::exp(1.0)) <= 1);
  }
}

TEST_CASE("each constant function of two arguments agrees with libm and is nearly correctly rounded") {
  for (const Binary& f : binary) {
    Sampler sample_x(f.x, 1), sample_y(f.y, 2);
    double from_libm = 0, from_exact = 0;
    for (int i = 0; i < points; ++i) {
      const double x = sample_x(i), y = sample_y(i / 3), value = f.constant(x, y);
      from_libm = std::max(from_libm, ulp_distance(value, f.libm(x, y)));
      from_exact = std::max(from_exact, error_in_ulp(value, f.exact(x, y)));
    }
    MESSAGE(std::string(f.name), ": ", from_libm, " ulp from libm, ", from_exact, " ulp from long double");
    CHECK(from_libm <= f.from_libm);
    CHECK(from_exact <= f.from_exact);
  }
}

TEST_CASE("the constant lgamma is nearly correctly rounded close to its negative zeros") {
  std::mt19937_64 random(6);
  std::uniform_real_distribution<double> sign(-1, 1), exponent(-54, 0);
  double error = 0;
  for (int pole = 2; pole < 40; ++pole) {
    for (const double side : {-1.0, 1.0}) {
      // Newton's method from where the pole alone would put the zero; between -2 and -1 there is none.
      double zero =
          pole > 3 ? -pole + side / std::tgamma(pole + 1) : (pole == 2 ? -2.457 : (side > 0 ? -2.747 : -3.14));
      for (int i = 0; i < 5 && zero != -pole; ++i) zero -= std::lgamma(zero) / duet::math::digamma(zero);
      for (int i = 0; i < points / 80; ++i) {
        const double x = i < 100 ? zero + (i - 50) * 0x1p-52 * pole
                                 : zero + sign(random) * std::exp2(exponent(random)) * std::abs(zero + pole);
        error = std::max(error, error_in_ulp(own::lgamma(x), ::lgammal(x)));
      }
    }
  }
  CHECK(error <= 0.52);
}

TEST_CASE("the constant norm of three numbers is nearly correctly rounded") {
  Sampler sample({-9, 9, -most, most}, 3);
  double error = 0;
  for (int i = 0; i < points; ++i) {
    const double x = sample(i), y = sample(i), z = sample(i);
    error = std::max(error, error_in_ulp(own::hypot(x, y, z), ::hypotl(::hypotl(x, y), z)));
  }
  CHECK(error <= 0.502);
}

TEST_CASE("the constant fma is that of the hardware, with cancellation, overflow and gradual underflow") {
  Sampler sample({-9, 9, -most, most}, 4);
  std::mt19937_64 random(5);
  int wrong = 0;
  for (int i = 0; i < points; ++i) {
    const double x = sample(i), y = sample(i);
    // Half of the addends nearly cancel the product, at distances from 0 to 120 binary places.
    const double nudge =
        std::ldexp(1.0 + static_cast<double>(random() >> 12) * 0x1p-52, -static_cast<int>(random() % 121));
    const double z = random() % 2 == 0 ? sample(i) : -x * y * (random() % 2 == 0 ? 1 + nudge : nudge);
    wrong += ulp_distance(own::fma(x, y, z), std::fma(x, y, z)) != 0;
    const double tiny = std::ldexp(x, -1000), other = std::ldexp(y, -60), rest = std::ldexp(z, -1060);
    wrong += ulp_distance(own::fma(tiny, other, rest), std::fma(tiny, other, rest)) != 0;
    const float a = static_cast<float>(x), b = static_cast<float>(y), c = static_cast<float>(z);
    const float value = own::fma(a, b, c), expected = std::fma(a, b, c);
    wrong += value != expected && !(std::isnan(value) && std::isnan(expected));
  }
  CHECK(wrong == 0);
}

}  // namespace
