// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Every function in constant expressions, with every compiler: the assertions are static, and exact where the function
// is, so that two compilers that pass have computed the same bits.
#include <doctest/doctest.h>

#include <limits>
#include <utility>

#include "duet/math/math.hpp"

namespace {

namespace math = duet::math;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double most = std::numeric_limits<double>::max();

static_assert(math::sqrt(2.25) == 1.5);
static_assert(math::sqrt(1e-310) == 9.999999999999986e-156);
static_assert(math::sqrt(2.0) == 1.4142135623730951);
static_assert(math::sqrt(inf) == inf);
static_assert(math::isnan(math::sqrt(-1.0)));
static_assert(math::signbit(math::sqrt(-0.0)));

static_assert(math::cbrt(-27.0) == -3.0);
static_assert(math::cbrt(2.0) == 1.2599210498948732);
static_assert(math::cbrt(1e-310) == 4.641588833612774e-104);

static_assert(math::exp(0.0) == 1.0);
static_assert(math::exp(1.0) == 2.718281828459045);
static_assert(math::exp(-20.5) == 1.2501528663867426e-09);
static_assert(math::exp(700.25) == 1.3022997366991783e+304);
static_assert(math::exp(-745.0) == 5e-324);

static_assert(math::exp(710.0) == inf);
static_assert(math::exp(-inf) == 0.0);
static_assert(math::exp2(-3.0) == 0.125);
static_assert(math::exp2(-1074.0) == 5e-324);
static_assert(math::exp2(0.5) == 1.4142135623730951);

static_assert(math::expm1(1e-10) == 1.00000000005e-10);
static_assert(math::expm1(0.3) == 0.3498588075760031);
static_assert(math::expm1(2.0) == 6.38905609893065);
static_assert(math::expm1(-50.0) == -1.0);

static_assert(math::log(1.0) == 0.0);
static_assert(math::log(2.0) == 0.6931471805599453);
static_assert(math::log(1e-310) == -713.8013788281542);
static_assert(math::log(1.7976931348623157e+308) == 709.782712893384);

static_assert(math::log(0.0) == -inf);
static_assert(math::isnan(math::log(-1.0)));
static_assert(math::log2(0x1p-1074) == -1074.0);
static_assert(math::log2(3.0) == 1.584962500721156);

static_assert(math::log10(1e22) == 22.0);
static_assert(math::log10(3.0) == 0.47712125471966244);

static_assert(math::log1p(1e-15) == 9.999999999999995e-16);
static_assert(math::log1p(-0.5) == -0.6931471805599453);
static_assert(math::log1p(3.0) == 1.3862943611198906);

static_assert(math::sin(0.5) == 0.479425538604203);
static_assert(math::sin(3.0) == 0.1411200080598672);
static_assert(math::sin(1e+22) == -0.8522008497671888);
static_assert(math::sin(1e+300) == -0.8178819121159085);
static_assert(math::sin(-1.7976931348623157e+308) == -0.004961954789184062);

static_assert(math::isnan(math::sin(inf)));
static_assert(math::signbit(math::sin(-0.0)));
static_assert(math::cos(0.0) == 1.0);
static_assert(math::cos(2.0) == -0.4161468365471424);
static_assert(math::cos(5.319372648326541e+255) == -4.687165924254628e-19);
static_assert(math::cos(1e+300) == -0.5753861119575491);
static_assert(math::sincos(2.5) == math::SineAndCosine<double>{math::sin(2.5), math::cos(2.5)});
static_assert(math::sincos(2.5f) == math::SineAndCosine<float>{math::sin(2.5f), math::cos(2.5f)});

static_assert(math::tan(1.0) == 1.5574077246549023);
static_assert(math::tan(1.5707963267948966) == 1.633123935319537e+16);
static_assert(math::tan(1e+300) == 1.4214488238747245);

static_assert(math::asin(0.25) == 0.25268025514207865);
static_assert(math::asin(-1.0) == -1.5707963267948966);
static_assert(math::asin(0.999) == 1.526071239626163);

static_assert(math::isnan(math::asin(1.5)));
static_assert(math::acos(0.25) == 1.318116071652818);
static_assert(math::acos(-1.0) == 3.141592653589793);
static_assert(math::acos(0.9999999) == 0.00044721359910904126);

static_assert(math::atan(0.25) == 0.24497866312686414);
static_assert(math::atan(-3.0) == -1.2490457723982544);
static_assert(math::atan(1e+300) == 1.5707963267948966);

static_assert(math::atan2(1.0, -1.0) == 2.356194490192345);
static_assert(math::atan2(-0.0, -1.0) == -3.141592653589793);
static_assert(math::atan2(1e-300, 1e10) == 1e-310);

static_assert(math::sinh(0.1) == 0.10016675001984403);
static_assert(math::sinh(-3.0) == -10.017874927409903);
static_assert(math::sinh(710.3) == 1.507788755590971e+308);

static_assert(math::cosh(0.1) == 1.0050041680558035);
static_assert(math::cosh(-3.0) == 10.067661995777765);
static_assert(math::cosh(710.3) == 1.507788755590971e+308);

static_assert(math::tanh(0.1) == 0.09966799462495582);
static_assert(math::tanh(-3.0) == -0.9950547536867305);
static_assert(math::tanh(30.0) == 1.0);

static_assert(math::asinh(0.1) == 0.09983407889920756);
static_assert(math::asinh(-3.0) == -1.8184464592320668);
static_assert(math::asinh(1e+200) == 461.2101657793691);

static_assert(math::acosh(1.0) == 0.0);
static_assert(math::acosh(1.001) == 0.04471763360830685);
static_assert(math::acosh(1e+200) == 461.2101657793691);

static_assert(math::atanh(0.1) == 0.10033534773107558);
static_assert(math::atanh(-0.999) == -3.8002011672501994);

static_assert(math::erf(1e-310) == 1.1283791670955e-310);
static_assert(math::erf(0.5) == 0.5204998778130465);
static_assert(math::erf(-2.0) == -0.9953222650189527);
static_assert(math::erf(7.0) == 1.0);

static_assert(math::erfc(0.5) == 0.4795001221869535);
static_assert(math::erfc(2.0) == 0.004677734981047266);
static_assert(math::erfc(-2.0) == 1.9953222650189528);
static_assert(math::erfc(27.0) == 5.23705e-319);

static_assert(math::lgamma(1.0) == 0.0);
static_assert(math::lgamma(3.0) == 0.6931471805599453);
static_assert(math::lgamma(0.25) == 1.2880225246980774);
static_assert(math::lgamma(10.5) == 13.940625219403763);
static_assert(math::lgamma(100.0) == 359.1342053695754);
static_assert(math::lgamma(1e+200) == 4.595170185988091e+202);

static_assert(math::lgamma(-1.5) == 0.860047015376481);
static_assert(math::lgamma(-2.4570247382208006) == 5.619192358950097e-17);
static_assert(math::lgamma(0.0) == inf);

static_assert(math::tgamma(5.0) == 24.0);
static_assert(math::tgamma(23.0) == 1.1240007277776077e+21);
static_assert(math::tgamma(0.5) == 1.772453850905516);
static_assert(math::tgamma(-1.5) == 2.363271801207355);
static_assert(math::tgamma(171.5) == 9.4833675668248e+307);
static_assert(math::tgamma(-170.25) == -1.6938387496514192e-307);

static_assert(math::tgamma(172.5) == inf);
static_assert(math::isnan(math::tgamma(-2.0)));

static_assert(math::pow(2.0, 10.0) == 1024.0);
static_assert(math::pow(5.0, 2.0) == 25.0);
static_assert(math::pow(10.0, 22.0) == 1e22);
static_assert(math::pow(-2.0, -3.0) == -0.125);
static_assert(math::pow(2.0, 0.5) == 1.4142135623730951);
static_assert(math::pow(1.0000001, 1e9) == 2.6881038582144647e+43);
static_assert(math::pow(0.0, -1.0) == inf);
static_assert(math::pow(nan, 0.0) == 1.0);
static_assert(math::pow(most, 2.0) == inf);
static_assert(math::isnan(math::pow(-1.0, 0.5)));

static_assert(math::hypot(3.0, 4.0) == 5.0);
static_assert(math::hypot(3e300, 4e300) == 5e300);
static_assert(math::hypot(3e-320, 4e-320) == 5e-320);
static_assert(math::hypot(inf, nan) == inf);
static_assert(math::hypot(2.0, 3.0, 6.0) == 7.0);
static_assert(math::hypot(most, most, 1.0) == inf);
static_assert(math::fma(0x1.0000001p0, 0x1.0000001p0, -0x1.0000002p0) == 0x1p-56);
static_assert(math::fma(most, 2.0, -most) == most);
static_assert(math::fma(0x1p-600, 0x1p-474, 0x1p-1074) == 0x1p-1073);
static_assert(math::fma(0.0, 1.0, -0.0) == 0.0);
static_assert(math::fmod(1e300, 7.0) == 1.0);
static_assert(math::fmod(-5.5, 2.0) == -1.5);
static_assert(math::fmod(most, 5e-324) == 0.0);
static_assert(math::isnan(math::fmod(1.0, 0.0)));

static_assert(math::floor(-2.5) == -3.0);
static_assert(math::ceil(-2.5) == -2.0);
static_assert(math::round(-2.5) == -3.0);
static_assert(math::round(0.49999999999999994) == 0.0);
static_assert(math::trunc(-2.5) == -2.0);
static_assert(math::signbit(math::ceil(-0.5)));
static_assert(math::copysign(2.0, -0.0) == -2.0);
static_assert(math::abs(-inf) == inf);
static_assert(math::isnan(nan) && !math::isnan(inf));
static_assert(math::isinf(-inf) && !math::isinf(nan));
static_assert(math::isfinite(most) && !math::isfinite(nan) && !math::isfinite(inf));
static_assert(math::signbit(-0.0) && !math::signbit(0.0));

static_assert(math::digamma(1.0) == -0.5772156649015329);
static_assert(math::digamma(0.25) == -4.2274535333762655);
static_assert(math::digamma(20.0) == 2.970523992242149);
static_assert(math::digamma(-0.25) == 2.9141391202135276);
static_assert(math::digamma(1e+300) == 690.7755278982137);

static_assert(math::polygamma(1, 1.0) == 1.6449340668482264);
static_assert(math::polygamma(1, -0.5) == 8.934802200544679);
static_assert(math::polygamma(2, 0.25) == -129.32773993753693);
static_assert(math::polygamma(5, 3.5) == 0.08704917856718349);
static_assert(math::polygamma(20, 30.0) == -4.786085204571764e-13);

static_assert(math::sinc(0, 0.0) == 1.0);
static_assert(math::sinc(0, 3.0) == 0.0);
static_assert(math::sinc(1, 0.0) == 0.0);
static_assert(math::sinc(0, 0.5) == 0.6366197723675814);
static_assert(math::sinc(2, 0.0) > -3.2899 && math::sinc(2, 0.0) < -3.2898);

template <class T>
constexpr bool everything_works_for() {
  const T x = T(0.5), y = T(1.5);
  return math::sqrt(x) > 0 && math::cbrt(x) > 0 && math::exp(x) > 1 && math::exp2(x) > 1 && math::expm1(x) > 0 &&
         math::log(x) < 0 && math::log2(x) == -1 && math::log10(x) < 0 && math::log1p(x) > 0 && math::sin(x) > 0 &&
         math::cos(x) > 0 && math::tan(x) > 0 && math::asin(x) > 0 && math::acos(x) > 0 && math::atan(x) > 0 &&
         math::atan2(x, y) > 0 && math::sinh(x) > 0 && math::cosh(x) > 1 && math::tanh(x) > 0 && math::asinh(x) > 0 &&
         math::acosh(y) > 0 && math::atanh(x) > 0 && math::erf(x) > 0 && math::erfc(x) > 0 && math::lgamma(x) > 0 &&
         math::tgamma(x) > 1 && math::pow(x, y) > 0 && math::hypot(x, y) > 1 && math::hypot(x, y, x) > 1 &&
         math::fma(x, y, x) == T(1.25) && math::fmod(y, x) == 0 && math::floor(x) == 0 && math::ceil(x) == 1 &&
         math::round(x) == 1 && math::trunc(y) == 1 && math::copysign(x, -y) == -x && math::abs(-x) == x &&
         !math::isnan(x) && !math::isinf(x) && math::isfinite(x) && !math::signbit(x) && math::digamma(x) < 0 &&
         math::polygamma(2, x) < 0 && math::sinc(1, x) < 0;
}
static_assert(everything_works_for<float>());
static_assert(everything_works_for<double>());

static_assert(math::exp(100.0F) == std::numeric_limits<float>::infinity());
static_assert(math::pow(-10.0F, 39.0F) == -std::numeric_limits<float>::infinity());
static_assert(math::sqrt(2.0F) == 1.41421354F);
static_assert(math::fma(0x1.000002p0F, 0x1.000002p0F, 0x1p-60F) == 0x1.000004p0F);

TEST_CASE("run time and constant expressions agree on a composite of exactly rounded functions") {
  constexpr double folded = math::sqrt(math::fma(3.0, 0.1, math::hypot(3.0, 4.0)));
  volatile double tenth = 0.1;
  CHECK(math::sqrt(math::fma(3.0, tenth, math::hypot(3.0, 4.0))) == folded);
}

}  // namespace
