// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// grad and value_and_grad: the structure and the type of results, the choice of arguments, and exact values in constant
// expressions.
#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

namespace {

using duet::grad, duet::value_and_grad, duet::wrt, duet::Forward, duet::StaticTape;
using std::array, std::tuple, std::pair;

#define DUET_POLICIES StaticTape, Forward

template <class Expected, class T>
constexpr bool is(const T&) {
  return std::is_same_v<Expected, T>;
}

/// The distance of two doubles of the same sign in units of the last place.
constexpr std::int64_t ulps(double a, double b) {
  const std::int64_t d = std::bit_cast<std::int64_t>(a) - std::bit_cast<std::int64_t>(b);
  return d < 0 ? -d : d;
}

constexpr auto product = [](auto x, auto y) { return x * x * y; };
struct Polynomial {
  constexpr auto operator()(const auto& x) const { return x * x + 1; }
};
struct Scaled {
  double scale;
  auto operator()(const auto& x) const { return scale * x * x; }
};

constexpr auto dot = [](const auto& x) { return x[0] * x[1] + 3 * x[2]; };

}  // namespace

TEST_CASE_TEMPLATE("the gradient has the structure of the arguments", P, DUET_POLICIES) {
  static_assert(grad<P>([](auto x) { return x * x; })(3.0) == 6);
  static_assert(grad<P>(product)(3.0, 5.0) == tuple(30.0, 9.0));
  static_assert(grad<P>(dot)(array{2.0, 5.0, 7.0}) == array{5.0, 2.0, 3.0});
  constexpr auto matrix = [](const auto& m) { return m[0][0] * m[1][1] - m[0][1] * m[1][0]; };
  static_assert(grad<P>(matrix)(array{array{1.0, 2.0}, array{3.0, 4.0}}) == array{array{4.0, -3.0}, array{-2.0, 1.0}});
  constexpr auto structured = [](const auto& t) {
    const auto& [x, p] = t;
    return x[0] * p.first + x[1] * p.second;
  };
  static_assert(grad<P>(structured)(tuple(array{1.0, 2.0}, pair(3.0, 4.0))) == tuple(array{3.0, 4.0}, pair(1.0, 2.0)));
  constexpr auto several = [](auto s, const auto& v, const auto& p) { return s * v[1] * p.second; };
  static_assert(grad<P>(several)(2.0, array{3.0, 5.0}, pair(7.0, 11.0)) ==
                tuple(55.0, array{0.0, 22.0}, pair(0.0, 10.0)));
}

TEST_CASE_TEMPLATE("the value comes first and is that of the plain call", P, DUET_POLICIES) {
  static_assert(value_and_grad<P>(product)(3.0, 5.0) == pair(45.0, tuple(30.0, 9.0)));
  static_assert(value_and_grad<P>(dot)(array{2.0, 5.0, 7.0}) == pair(31.0, array{5.0, 2.0, 3.0}));
  static_assert(value_and_grad<P>(product, wrt<1>)(3.0, 5.0) == pair(45.0, 9.0));
}

TEST_CASE_TEMPLATE("wrt chooses arguments: one alone is itself, several are a tuple in the order of the call", P,
                   DUET_POLICIES) {
  constexpr auto f = [](auto x, const auto& v, auto z) { return x * v[0] * z + v[1]; };
  constexpr auto at = [](auto g) { return g(2.0, array{3.0, 5.0}, 7.0); };
  static_assert(at(grad<P>(f)) == tuple(21.0, array{14.0, 1.0}, 6.0));
  static_assert(at(grad<P>(f, wrt<>)) == at(grad<P>(f)));
  static_assert(at(grad<P>(f, wrt<0>)) == 21);
  static_assert(at(grad<P>(f, wrt<1>)) == array{14.0, 1.0});
  static_assert(at(grad<P>(f, wrt<2>)) == 6);
  static_assert(at(grad<P>(f, wrt<0, 1>)) == tuple(21.0, array{14.0, 1.0}));
  static_assert(at(grad<P>(f, wrt<0, 2>)) == tuple(21.0, 6.0));
  static_assert(at(grad<P>(f, wrt<1, 2>)) == tuple(array{14.0, 1.0}, 6.0));
  static_assert(at(grad<P>(f, wrt<0, 1, 2>)) == at(grad<P>(f)));
}

TEST_CASE_TEMPLATE("the type of the numbers is kept", P, DUET_POLICIES) {
  CHECK(is<float>(grad<P>([](auto x) { return 2 * x * x + 1.0; })(3.0f)));
  CHECK(is<tuple<float, float>>(grad<P>(product)(3.0f, 5.0f)));
  CHECK(is<array<float, 3>>(grad<P>(dot)(array{2.f, 5.f, 7.f})));
  CHECK(is<pair<float, array<float, 3>>>(value_and_grad<P>(dot)(array{2.f, 5.f, 7.f})));
  CHECK(is<long double>(grad<P>([](auto x) { return x * x; })(3.0L)));
  // float and double meet in double
  CHECK(is<tuple<double, double>>(grad<P>(product)(3.0f, 5.0)));
  CHECK(grad<P>(product)(3.0f, 5.0) == tuple(30.0, 9.0));
}

TEST_CASE("integers and other values that are not differentiated go along unchanged") {
  const auto power = [](auto x, int n) {
    auto y = x;
    for (int i = 1; i < n; ++i) y = y * x;
    return y;
  };
  CHECK(grad<Forward>(power, wrt<0>)(2.0, 5) == 80);
  CHECK(grad<Forward>(power, wrt<0>)(2.0, 1) == 1);
  const auto by_name = [](auto x, const std::string& name) { return name == "square" ? x * x : -x; };
  CHECK(grad<Forward>(by_name, wrt<0>)(2.0, std::string("square")) == 4);
  CHECK(grad<Forward>(by_name, wrt<0>)(2.0, std::string("minus")) == -1);
  const auto squares = [](auto x, const std::vector<double>& data) {
    auto sum = 0 * x;
    for (double d : data) sum += square(x - d);
    return sum;
  };
  CHECK(grad<Forward>(squares, wrt<0>)(2.0, std::vector{1.0, 5.0, 6.0}) == -12);
  constexpr auto scaled = [](auto x, int n) { return n * x * x; };
  CHECK(grad(scaled, wrt<0>)(2.0, 3) == 12);
  CHECK(grad(scaled, wrt<0>)(2.0, -3) == -12);
}

TEST_CASE_TEMPLATE("what is not used has derivative zero, and constants are functions too", P, DUET_POLICIES) {
  static_assert(grad<P>([](auto x, auto) { return x; })(3.0, 5.0) == tuple(1.0, 0.0));
  static_assert(grad<P>([](auto, auto) { return 7.0; })(3.0, 5.0) == tuple(0.0, 0.0));
  static_assert(value_and_grad<P>([](auto) { return 7; })(3.0) == pair(7.0, 0.0));
  static_assert(grad<P>([](auto x) { return floor(x) + 2 * x; })(3.5) == 2);
  static_assert(grad<P>([](const auto& x) { return x[1]; })(array{3.0, 5.0}) == array{0.0, 1.0});
}

TEST_CASE_TEMPLATE("stop_gradient keeps the value and cuts the derivative", P, DUET_POLICIES) {
  using duet::stop_gradient;
  static_assert(value_and_grad<P>([](auto x) { return stop_gradient(x * x) * x; })(3.0) == pair(27.0, 9.0));
  static_assert(grad<P>([](auto x) { return stop_gradient(x); })(3.0) == 0);
  static_assert(grad<P>(grad<P>([](auto x) { return stop_gradient(x) * x * x; }))(3.0) == 6);
}

TEST_CASE_TEMPLATE("captured values take part as constants that are read at each call", P, DUET_POLICIES) {
  for (double c : {2.0, -3.0}) {
    const auto f = [c](auto x, auto y) { return c * x * sin(c * y); };
    const auto [dx, dy] = grad<P>(f)(0.5, 0.7);
    CHECK(dx == doctest::Approx(c * std::sin(c * 0.7)));
    CHECK(dy == doctest::Approx(c * c * 0.5 * std::cos(c * 0.7)));
    CHECK(grad<P>(grad<P>([c](auto x) { return c * x * x * x; }))(2.0) == doctest::Approx(12 * c));
  }
  double changing = 2;
  const auto by_reference = [&changing](auto x) { return changing * x; };
  CHECK(grad<P>(by_reference)(1.0) == 2);
  changing = 5;
  CHECK(grad<P>(by_reference)(1.0) == 5);
  const array<double, 2> weights{3, 4};
  CHECK(grad<P>([weights](auto x, auto y) { return weights[0] * x + weights[1] * y; })(1.0, 1.0) == tuple(3.0, 4.0));
}

TEST_CASE_TEMPLATE("a gradient is a function again, and nests without confusing perturbations", P, DUET_POLICIES) {
  static_assert(grad<P>(grad<P>([](auto x) { return x * x * x; }))(2.0) == 12);
  static_assert(grad<P>(grad<P>(grad<P>([](auto x) { return x * x * x * x; })))(2.0) == 48);
  // d/dx (x d/dy (x + y)) = 1
  constexpr auto outer = [](auto x) { return x * grad<P>([x](auto y) { return x + y; })(1.0); };
  static_assert(grad<P>(outer)(1.0) == 1);
  static_assert(grad<Forward>(outer)(1.0) == 1);
  // d/dx (x d/dy (x y^2) at y = x) = d/dx (2 x^3) = 6 x^2
  constexpr auto inner = [](auto x) { return x * grad<P>([](auto y, auto z) { return z * y * y; }, wrt<0>)(x, x); };
  static_assert(grad<P>(inner)(3.0) == 54);
}

TEST_CASE("function objects can be differentiated, with and without state") {
  static_assert(grad(Polynomial{})(3.0) == 6);
  CHECK(grad(Scaled{2})(3.0) == 12);
  CHECK(grad<Forward>(Scaled{2})(3.0) == 12);
}

TEST_CASE_TEMPLATE("in constant expressions gradients of transcendental functions are right to the last places", P,
                   DUET_POLICIES) {
  // correct to 20 digits, computed with mpmath for the double next to 0.7
  constexpr double x = 0.7;
  static_assert(ulps(grad<P>([](auto t) { return log(t); })(x), 1.4285714285714286621) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return sin(t); })(x), 0.76484218728448845486) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return cos(t); })(x), -0.64421768723769101971) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return exp(t); })(x), 2.0137527074704764322) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return tanh(t); })(x), 0.63473958998245862144) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return pow(t, 2.5); })(x), 1.4641550464346320696) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return pow(t, t); })(x), 0.50118618869357861166) <= 8);  // cancels 1 - 0.36
  static_assert(ulps(grad<P>([](auto t) { return erf(t); })(x), 0.69127486041053861503) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return sqrt(t); })(x), 0.59761430466719683894) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return cbrt(t); })(x), 0.42281142940123845047) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return atan(t); })(x), 0.67114093959731546425) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return asin(t); })(x), 1.4002800840280097182) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return tan(t); })(x), 1.7094497158631171487) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return sinh(t); })(x), 1.2551690056309429845) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return exp2(t); })(x), 1.1260209168747676600) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return log1p(t); })(x), 0.58823529411764707419) <= 1);
  static_assert(ulps(grad<P>([](auto t) { return lgamma(t); })(x), -1.2200235536979347406) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return tgamma(t); })(x), -1.5836580798332283441) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return duet::sigmoid(t); })(x), 0.22171287329310905372) <= 2);
  static_assert(ulps(grad<P>([](auto t) { return sin(exp(t)) * log(1 + t * t); })(x), 0.50472395296831653861) <= 8);
}

TEST_CASE("inside a recording, a gradient records no value that nobody asked for") {
  const auto f = [](auto x, auto y) { return exp(y) * y + 3 * x; };
  duet::DynamicTape<double> tape;
  const duet::Var<double> x = tape.variable(2.0), y = tape.variable(0.5);
  const std::size_t records = tape.position().records;
  CHECK(grad(f, wrt<0>)(x, y).primal() == 3);
  CHECK(duet::jacfwd(f, wrt<0>)(x, y)(0, 0).primal() == 3);
  CHECK(tape.position().records == records);
  const auto [value, slope] = value_and_grad(f, wrt<1>)(x, y);
  CHECK(value.primal() == doctest::Approx(f(2.0, 0.5)));
  CHECK(tape.position().records > records);
  tape.backward(slope);
  CHECK(y.grad() == doctest::Approx(std::exp(0.5) * (0.5 + 2)));
  CHECK(x.grad() == 0);
}
