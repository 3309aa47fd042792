// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Series as numbers: the ring, functions against coefficients that others have published, nesting, edges.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>

#include <duet/duet.hpp>

namespace {

using duet::Series;

template <int K>
using Path = Series<double, K>;

/// f(t) at t = 0.
template <int K>
constexpr auto at_zero(auto f) {
  return Path<K>(f(Path<K>::variable(0.0)));
}
template <int K, std::size_t N>
bool are(const Path<K>& y, const std::array<double, N>& expected, double tolerance = 2e-15) {
  static_assert(N == K + 1);
  for (int k = 0; k <= K; ++k) {
    const double e = expected[static_cast<std::size_t>(k)];
    if (!(std::abs(y.coefficient(k) - e) <= tolerance * (1 + std::abs(e)))) return false;
  }
  return true;
}
/// Some number between 0.5 and 2.
double some(int i) { return 0.5 + 1.5 * (i * std::numbers::phi - std::floor(i * std::numbers::phi)); }
Path<6> some_series(int i) {
  std::array<double, 7> c;
  for (int k = 0; k < 7; ++k) c[static_cast<std::size_t>(k)] = some(7 * i + k) * (k % 2 ? -1 : 1);
  return Path<6>(c);
}
bool same(const Path<6>& a, const Path<6>& b, double tolerance = 1e-12) { return are(a, b.coefficients(), tolerance); }

}  // namespace

TEST_CASE("coefficients are those that the tables have") {
  // tangent numbers over factorials, OEIS A000182
  CHECK(are(at_zero<9>([](auto t) { return tan(t); }),
            std::array{0., 1., 0., 1. / 3, 0., 2. / 15, 0., 17. / 315, 0., 62. / 2835}));
  CHECK(are(at_zero<9>([](auto t) { return tanh(t); }),
            std::array{0., 1., 0., -1. / 3, 0., 2. / 15, 0., -17. / 315, 0., 62. / 2835}));
  // secant numbers, A000364
  CHECK(are(at_zero<8>([](auto t) { return 1 / cos(t); }),
            std::array{1., 0., 1. / 2, 0., 5. / 24, 0., 61. / 720, 0., 1385. / 40320}));
  // Bell numbers, A000110
  CHECK(are(at_zero<7>([](auto t) { return exp(expm1(t)); }),
            std::array{1., 1., 2. / 2, 5. / 6, 15. / 24, 52. / 120, 203. / 720, 877. / 5040}));
  // Catalan numbers, A000108
  CHECK(are(at_zero<8>([](auto t) { return (1 - sqrt(1 - 4 * t)) / 2; }),
            std::array{0., 1., 1., 2., 5., 14., 42., 132., 429.}));
  // Fibonacci numbers, A000045
  CHECK(are(at_zero<9>([](auto t) { return t / (1 - t - t * t); }),
            std::array{0., 1., 1., 2., 3., 5., 8., 13., 21., 34.}));
  // central binomial coefficients: A000984, arc sine
  CHECK(are(at_zero<9>([](auto t) { return asin(t); }),
            std::array{0., 1., 0., 1. / 6, 0., 3. / 40, 0., 15. / 336, 0., 105. / 3456}));
  CHECK(are(at_zero<7>([](auto t) { return atan(t); }), std::array{0., 1., 0., -1. / 3, 0., 1. / 5, 0., -1. / 7}));
  CHECK(
      are(at_zero<6>([](auto t) { return log1p(t); }), std::array{0., 1., -1. / 2, 1. / 3, -1. / 4, 1. / 5, -1. / 6}));
  // Handbook of Mathematical Functions (Abramowitz and Stegun), 7.1.5
  const double c = 2 / std::sqrt(std::numbers::pi);
  CHECK(are(at_zero<9>([](auto t) { return erf(t); }),
            std::array{0., c, 0., -c / 3, 0., c / 10, 0., -c / 42, 0., c / 216}));
  // ... 6.1.33, with the zeta function from table 23.3
  CHECK(are(at_zero<6>([](auto t) { return lgamma(1 + t); }),
            std::array{0., -0.57721566490153286061, 1.64493406684822643647 / 2, -1.20205690315959428540 / 3,
                       1.08232323371113819152 / 4, -1.03692775514336992633 / 5, 1.01734306198444913971 / 6},
            1e-14));
  // ... 6.1.34: the coefficients of 1 / Gamma
  CHECK(are(at_zero<5>([](auto t) { return 1 / tgamma(1 + t); }),
            std::array{1., 0.5772156649015329, -0.6558780715202538, -0.0420026350340952, 0.1665386113822915,
                       -0.0421977345555443},
            1e-14));
  // ... 3.6.9: the binomial series
  CHECK(are(at_zero<4>([](auto t) { return pow(1 + t, 0.3); }),
            std::array{1., 0.3, 0.3 * -0.7 / 2, 0.3 * -0.7 * -1.7 / 6, 0.3 * -0.7 * -1.7 * -2.7 / 24}));
  // sinc(t) = sin(pi t) / (pi t)
  const double p = std::numbers::pi * std::numbers::pi;
  CHECK(are(at_zero<6>([](auto t) { return duet::sinc(t); }),
            std::array{1., 0., -p / 6, 0., p * p / 120, 0., -p * p * p / 5040}, 1e-14));
}

TEST_CASE("series are a ring, with quotients") {
  for (int i = 0; i < 20; ++i) {
    const auto a = some_series(3 * i), b = some_series(3 * i + 1), c = some_series(3 * i + 2);
    CHECK(same((a + b) * c, a * c + b * c));
    CHECK(same(a * b, b * a));
    CHECK(same((a * b) * c, a * (b * c)));
    CHECK(same(a / b * b, a, 1e-10));
    CHECK(same(a - b, -(b - a)));
    CHECK(same(square(a), a * a));
    CHECK(same(fma(a, b, c), a * b + c));
    CHECK(same(2 * a, a + a));
    CHECK(same(a / 2, a * 0.5));
    CHECK(same(1 - a, -(a - 1)));
    auto d = a;
    d *= b;
    d += c;
    d /= 2;
    d -= 1;
    CHECK(same(d, (a * b + c) / 2 - 1));
  }
}

TEST_CASE("identities of functions hold in every order") {
  for (int i = 0; i < 20; ++i) {
    const auto x = some_series(i), y = some_series(i + 50);
    CHECK(same(exp(log(x)), x, 1e-10));
    CHECK(same(square(sin(x)) + square(cos(x)), Path<6>(1.0), 1e-11));
    CHECK(same(square(sqrt(x)), x, 1e-11));
    CHECK(same(pow(x, 3), x * x * x, 1e-11));
    CHECK(same(pow(x, y), exp(y * log(x)), 1e-8));
    CHECK(same(sinh(x) + cosh(x), exp(x), 1e-11));
    CHECK(same(hypot(x, y), sqrt(x * x + y * y), 1e-9));
    CHECK(same(tgamma(x + 1), x * tgamma(x), 1e-9));
    CHECK(same(duet::sigmoid(x), 1 / (1 + exp(-x)), 1e-10));
  }
}

TEST_CASE("series are constant expressions") {
  constexpr auto y = exp(Path<4>::variable(0.0)) / (1 - Path<4>::variable(0.0));
  static_assert(y.coefficient(0) == 1 && y.coefficient(1) == 2 && y.coefficient(2) == 2.5);
  static_assert(Path<0>(3.0).primal() == 3);
  static_assert(sin(Path<0>(0.0)).primal() == 0);
  CHECK(y.coefficient(4) == doctest::Approx(1 + 1 + 1 / 2. + 1 / 6. + 1 / 24.));
}

TEST_CASE("the type of the numbers is kept, and integers are numbers") {
  const Series<float, 3> x = Series<float, 3>::variable(2.0f);
  CHECK(std::is_same_v<decltype(x * x), Series<float, 3>>);
  CHECK(std::is_same_v<decltype(exp(x) * 2), Series<float, 3>>);
  CHECK((x * 3).coefficient(1) == 3);
  CHECK((1 / (2 * x)).primal() == 0.25f);
}

TEST_CASE("comparisons look at the value, and choices take the series of one side") {
  const auto x = Path<3>::variable(2.0), y = Path<3>::variable(3.0, -1.0);
  CHECK(x < y);
  CHECK(x < 2.5);
  CHECK(x == Path<3>(2.0));
  CHECK(max(x, y).coefficients() == y.coefficients());
  CHECK(duet::where(x < y, x * x, y).coefficients() == std::array{4.0, 4.0, 1.0, 0.0});
  CHECK(abs(-x).coefficients() == x.coefficients());
  CHECK(floor(x * 1.3).coefficients() == std::array{2.0, 0.0, 0.0, 0.0});
  CHECK(duet::stop_gradient(x).coefficients() == std::array{2.0, 0.0, 0.0, 0.0});
}

TEST_CASE("at a kink every order follows the convention of the first derivative, and what is not chosen does no harm") {
  const auto t = Path<3>::variable(0.0);
  CHECK(abs(t).coefficients() == std::array{0.0, 0.0, 0.0, 0.0});
  CHECK(max(t, -t).coefficients() == std::array{0.0, 0.0, 0.0, 0.0});
  CHECK(duet::relu(t).coefficients() == std::array{0.0, 0.0, 0.0, 0.0});
  CHECK(duet::where(t > 0, sqrt(t), t).coefficients() == std::array{0.0, 1.0, 0.0, 0.0});
  CHECK(pow(t, 2).coefficients() == std::array{0.0, 0.0, 1.0, 0.0});
  CHECK(pow(t, 0).coefficients() == std::array{1.0, 0.0, 0.0, 0.0});
  CHECK(hypot(t, 0 * t).coefficients() == std::array{0.0, 0.0, 0.0, 0.0});
}

TEST_CASE("at a pole of the derivative the first coefficient is infinite, and a constant stays a constant") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(sqrt(Path<2>::variable(0.0)).coefficient(1) == infinity);
  CHECK(log(Path<2>::variable(0.0)).coefficient(1) == infinity);
  CHECK(sqrt(Path<3>(0.0)).coefficients() == std::array{0.0, 0.0, 0.0, 0.0});
  CHECK((Path<2>(0.0) / Path<2>(1.0)).coefficients() == std::array{0.0, 0.0, 0.0});
}

TEST_CASE("series nest: the coefficients of a coefficient are those of two variables") {
  struct Inner;
  struct Outer;
  using In = Series<double, 2, Inner>;
  using Out = Series<In, 2, Outer>;
  const Out x = Out::variable(In(1.0)), y = Out(In::variable(1.0));
  const Out z = exp(x * y);  // e^{xy} at (1, 1)
  const double e = std::numbers::e;
  CHECK(z.coefficient(0).coefficient(0) == doctest::Approx(e));
  CHECK(z.coefficient(1).coefficient(1) == doctest::Approx(2 * e));            // d2/dxdy = (1 + xy) e^{xy}
  CHECK(z.coefficient(2).coefficient(1) == doctest::Approx((2 + 1) * e / 2));  // d3/dx2dy = (2y + x y^2) e^{xy}
  CHECK(z.coefficient(2).coefficient(2) == doctest::Approx((2 + 4 + 1) * e / 4));
}

TEST_CASE("series are printed") {
  std::ostringstream out;
  out << Path<2>::variable(1.5);
  CHECK(out.str() == "[1.5, 1, 0]");
}
