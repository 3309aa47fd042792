// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// taylor and derivatives of high order: the same by all policies, as nested derivatives and the functions themselves
// say.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

namespace {

using duet::DynamicTape, duet::Forward, duet::StaticTape, duet::derivative, duet::grad, duet::taylor;
using std::array, std::pair, std::tuple, std::vector;

#define DUET_POLICIES StaticTape, Forward, DynamicTape<>

constexpr auto wave = [](auto t) { return exp(-t * t) * sin(3 * t) / (1 + t * t); };
constexpr auto cubic = [](const auto& v, auto a) { return a * v[0] * v[1] * v[1] + v[2] * a * a; };
constexpr auto structured = [](const auto& v, const auto& p) {
  return tuple(v[0] * p.first, array{sin(v[1]) * p.second, v[0] / p.second});
};

template <std::size_t N>
double at(const array<double, N>& c, double t) {
  double y = 0;
  for (std::size_t k = N; k-- > 0;) y = y * t + c[k];
  return y;
}

}  // namespace

TEST_CASE_TEMPLATE("a polynomial is its own Taylor polynomial", P, StaticTape, Forward) {
  static_assert(taylor<4, P>([](auto t) { return t * t * t - 2 * t + 7; }, 0.0, 1.0) ==
                array{7.0, -2.0, 0.0, 1.0, 0.0});
  static_assert(taylor<2, P>([](auto t) { return t * t; }, 3.0, 10.0) == array{9.0, 60.0, 100.0});
  // a v0 v1^2 + v2 a^2 at v = (1, 2, 3), a = 2 along ((1, 1, -1), 1)
  static_assert(taylor<4, P>(cubic, tuple(array{1.0, 2.0, 3.0}, 2.0), tuple(array{1.0, 1.0, -1.0}, 1.0)) ==
                array{20.0, 28.0, 17.0, 6.0, 1.0});
  static_assert(taylor<0, P>([](auto t) { return t * t; }, 3.0, 1.0) == array{9.0});
}

TEST_CASE_TEMPLATE("the polynomial is the function up to the next power", P, DUET_POLICIES) {
  constexpr int K = 5;
  for (double x : {-1.0, 0.25, 0.7}) {
    const auto c = taylor<K, P>(wave, x, 2.0);
    const auto error = [&](double t) { return std::abs(at(c, t) - wave(x + 2 * t)); };
    CHECK(error(1e-3) < 1e-14);
    CHECK(error(0.02) < 1e-5);
    CHECK(error(0.01) < error(0.02) / 40);  // 2^6 in the limit
  }
}

TEST_CASE_TEMPLATE("coefficients are derivatives over factorials, however these are found", P, DUET_POLICIES) {
  for (double x : {-0.5, 0.1, 1.3}) {
    const auto c = taylor<5, P>(wave, x, 1.0);
    CHECK(c[0] == doctest::Approx(wave(x)).epsilon(1e-14));
    CHECK(c[1] == doctest::Approx(derivative<1, StaticTape>(wave)(x)).epsilon(1e-13));
    CHECK(2 * c[2] == doctest::Approx(derivative<2, StaticTape>(wave)(x)).epsilon(1e-13));
    CHECK(6 * c[3] == doctest::Approx(derivative<3, StaticTape>(wave)(x)).epsilon(1e-12));
    CHECK(24 * c[4] == doctest::Approx(derivative<4, StaticTape>(wave)(x)).epsilon(1e-12));
    CHECK(24 * c[4] == doctest::Approx(derivative<4, P>(wave)(x)).epsilon(1e-12));
    CHECK(120 * c[5] == doctest::Approx(derivative<5, P>(wave)(x)).epsilon(1e-12));
  }
}

TEST_CASE_TEMPLATE("each coefficient has the structure of the result", P, DUET_POLICIES) {
  const tuple x(array{1.0, 2.0}, pair(3.0, 4.0)), v(array{1.0, -1.0}, pair(0.5, 0.25));
  const auto c = taylor<3, P>(structured, x, v);
  CHECK(std::is_same_v<std::remove_const_t<decltype(c)>, array<tuple<double, array<double, 2>>, 4>>);
  CHECK(c[0] == tuple(3.0, array{std::sin(2.0) * 4, 0.25}));
  CHECK(std::get<0>(c[1]) == 3.5);
  CHECK(std::get<0>(c[2]) == 0.5);
  CHECK(std::get<0>(c[3]) == 0);
  const auto pushed = duet::jvp(structured, x, v).second;
  for (std::size_t i = 0; i < 2; ++i) CHECK(std::get<1>(c[1])[i] == doctest::Approx(std::get<1>(pushed)[i]));
  // v0 / p1 = (1 + t) / (4 (1 + t / 16))
  CHECK(std::get<1>(c[2])[1] == doctest::Approx((1.0 / 256 - 1.0 / 16) / 4));
}

TEST_CASE_TEMPLATE("vectors are inputs and outputs", P, Forward, DynamicTape<>) {
  constexpr auto f = []<class V>(const V& x) {
    V y;
    for (std::size_t i = 0; i < x.size(); ++i) y.push_back(x[i] * x[(i + 1) % x.size()] * x[i]);
    return y;
  };
  const vector x{1.0, 2.0, 3.0}, v{1.0, 0.0, -1.0};
  const auto c = taylor<3, P>(f, x, v);
  REQUIRE(c.size() == 4);
  // (1 + t)^2 2, 4 (3 - t), (3 - t)^2 (1 + t)
  CHECK(c[0] == vector{2.0, 12.0, 9.0});
  CHECK(c[1] == vector{4.0, -4.0, 3.0});
  CHECK(c[2] == vector{2.0, 0.0, -5.0});
  CHECK(c[3] == vector{0.0, 0.0, 1.0});
  CHECK_THROWS_AS((taylor<2, P>(f, x, vector{1.0})), duet::ShapeError);
}

TEST_CASE("branches and loops follow the value") {
  constexpr auto f = [](auto x) {
    auto y = x;
    while (y < 10) y = y * y;
    return y > 15 ? y : 0 * y;
  };
  CHECK(taylor<3>(f, 2.0, 1.0) == array{16.0, 32.0, 24.0, 8.0});  // (2 + t)^4 up to t^3
}

TEST_CASE_TEMPLATE("coefficients can be differentiated: c_k' = (k + 1) c_{k+1} along the line", P, DUET_POLICIES) {
  const auto c = taylor<4>(wave, 0.4, 1.0);
  CHECK(grad<P>([](auto x) { return taylor<3>(wave, x, 1.0)[2]; })(0.4) == doctest::Approx(3 * c[3]));
  CHECK(grad<P>([](auto x) { return taylor<3, Forward>(wave, x, 1.0)[3]; })(0.4) == doctest::Approx(4 * c[4]));
  CHECK(derivative<2, P>([](auto x) { return taylor<2>(wave, x, 1.0)[1]; })(0.4) == doctest::Approx(6 * c[3]));
}

TEST_CASE_TEMPLATE("derivatives have Taylor coefficients", P, DUET_POLICIES) {
  const auto c = taylor<4>(wave, 0.4, 1.0);
  const auto d = taylor<3>([](auto x) { return grad<P>(wave)(x); }, 0.4, 1.0);
  for (std::size_t k = 0; k < 4; ++k) CHECK(d[k] == doctest::Approx(double(k + 1) * c[k + 1]));
}

TEST_CASE("levels are told apart") {
  // x d/dy (x y) = x^2, although the inner function captures x
  const auto outer = [](auto x) { return x * derivative<1, Forward>([x](auto y) { return x * y; })(1.0); };
  CHECK(taylor<2>(outer, 3.0, 1.0) == array{9.0, 6.0, 1.0});
  const auto inner = [](auto x) { return taylor<2>([x](auto y) { return x * x * x * y * y; }, 1.0, 1.0)[2]; };
  CHECK(derivative<1, Forward>(inner)(2.0) == 12);
  CHECK(taylor<2>(inner, 2.0, 1.0) == array{8.0, 12.0, 6.0});
  CHECK(derivative<3, Forward>(inner)(2.0) == 6);
}

TEST_CASE("a captured number is a number") {
  double q = 3;
  const auto f = [q](auto x) { return q * sin(q * x); };
  const auto a = taylor<3, StaticTape>(f, 0.5, 1.0), b = taylor<3>(f, 0.5, 1.0);
  for (std::size_t k = 0; k < 4; ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-14));
}

TEST_CASE("functions with their own rule have coefficients by it") {
  constexpr auto f = duet::custom_jvp([](auto x, auto n) { return std::exp(x) * n; },
                                      [](const auto& self, const auto& p, const auto& t) {
                                        const auto [x, n] = p;
                                        const auto [dx, dn] = t;
                                        return pair(self(x, n), self(x, n) * dx + exp(x) * dn);
                                      });
  constexpr auto plain = [](auto x, auto n) { return exp(x) * n; };
  const tuple x(0.5, 2.0), v(1.0, -0.5);
  const auto a = taylor<5>(f, x, v), b = taylor<5>(plain, x, v);
  for (std::size_t k = 0; k < 6; ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-14));
  constexpr auto g = duet::custom_vjp(
      [](const auto& u) {
        return array{u[0] * u[1], u[0] * u[0]};
      },
      [](const auto& u) {
        return pair(array{u[0] * u[1], u[0] * u[0]}, u);
      },
      [](const auto& u, const auto& w) {
        return array{u[1] * w[0] + 2 * u[0] * w[1], u[0] * w[0]};
      });
  CHECK(taylor<3>(g, array{1.0, 2.0}, array{1.0, 3.0}) ==
        array{array{2.0, 1.0}, array{5.0, 2.0}, array{3.0, 1.0}, array{0.0, 0.0}});
}

TEST_CASE("the type of the numbers is kept") {
  CHECK(std::is_same_v<decltype(taylor<2>(wave, 0.5f, 1.0f)), array<float, 3>>);
  CHECK(std::is_same_v<decltype(taylor<2, StaticTape>(wave, 0.5f, 1.0f)), array<float, 3>>);
  CHECK(std::is_same_v<decltype(derivative<4, Forward>(wave)(0.5f)), float>);
}

TEST_CASE("high derivatives keep the structure of the result") {
  constexpr auto curve = [](auto t) { return tuple(t * t * t * t, array{sin(t), 2 * t}); };
  const auto d = derivative<3, Forward>(curve)(2.0);
  CHECK(std::get<0>(d) == 48);
  CHECK(std::get<1>(d)[0] == doctest::Approx(-std::cos(2.0)));
  CHECK(std::get<1>(d)[1] == 0);
  const auto powers = []<class T>(const T& t) { return vector<T>{t * t * t, t * t * t * t}; };
  CHECK(derivative<3, Forward>(powers)(2.0) == vector{6.0, 48.0});
}
