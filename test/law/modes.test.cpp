// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Forward, StaticTape and DynamicTape give the same, whatever the transform and the structure of the arguments;
// transforms nest without confusing perturbations.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

namespace {

using duet::DynamicTape, duet::Forward, duet::StaticTape;
using duet::sin, duet::exp, duet::log, duet::tanh, duet::atan2, duet::square, duet::where, std::min, std::max;
template <class T>
using Three = std::array<T, 3>;

/// The largest difference between the leaves of two results, relative to the largest of them.
template <class X, class Y>
double distance(const X& x, const Y& y) {
  static_assert(std::same_as<X, Y>, "the policies must give the same types");
  std::vector<double> a, b;
  duet::tree::for_each_leaf(x, [&](const auto& leaf) { a.push_back(static_cast<double>(leaf)); });
  duet::tree::for_each_leaf(y, [&](const auto& leaf) { b.push_back(static_cast<double>(leaf)); });
  double difference = 0, scale = 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    scale = std::max({scale, std::abs(a[i]), std::abs(b[i])});
    difference = std::max(difference, std::isnan(a[i] - b[i]) ? HUGE_VAL : std::abs(a[i] - b[i]));
  }
  return difference / scale;
}

/// Pairs (value, derivative) and matrices as structures of numbers.
template <class X>
auto leaves(const X& x) {
  return x;
}
template <class T, std::size_t R, std::size_t C>
auto leaves(const duet::Matrix<T, R, C>& m) {
  std::array<T, R * C> row{};
  std::copy(m.data(), m.data() + R * C, row.begin());
  return row;
}
template <class A, class B>
auto leaves(const std::pair<A, B>& pair) {
  return std::pair(leaves(pair.first), leaves(pair.second));
}

template <class T>
constexpr double rounding = std::same_as<T, float> ? 1e-5 : 1e-13;

void compare(double tolerance, auto of) {
  const auto expected = leaves(of(static_cast<StaticTape*>(nullptr)));
  CHECK(distance(leaves(of(static_cast<Forward*>(nullptr))), expected) <= tolerance);
  CHECK(distance(leaves(of(static_cast<DynamicTape<>*>(nullptr))), expected) <= tolerance);
}
#define DUET_AGREE(tolerance, ...) compare(tolerance, [&]<class Policy>(Policy*) { return __VA_ARGS__; })

/// All transforms of a function with one scalar result; `direction` has the structure of the point.
template <class T, class F, class X>
void scalar_function_agrees(F f, const X& primals, const X& direction) {
  constexpr double small = rounding<T>;
  const auto at = [&](const auto& transformed) { return std::apply(transformed, duet::transform::arguments(primals)); };
  DUET_AGREE(small, at(duet::grad<Policy>(f)));
  DUET_AGREE(small, at(duet::value_and_grad<Policy>(f)));
  DUET_AGREE(small, at(duet::jacobian<Policy>(f)));
  DUET_AGREE(small, at(duet::hessian<Policy>(f)));
  DUET_AGREE(small, duet::jvp<Policy>(f, primals, direction));
  DUET_AGREE(small, duet::vjp<Policy>(f, primals).second(T(0.75)));
  DUET_AGREE(small, duet::hvp<Policy>(f, primals, direction));
  DUET_AGREE(small, duet::vhp<Policy>(f, primals, direction));
  CHECK(distance(duet::hvp(f, primals, direction), duet::vhp(f, primals, direction)) <= small);
}

/// All transforms of a function with any results; `cotangents` have their structure.
template <class T, class F, class X, class W>
void function_agrees(F f, const X& primals, const X& direction, const W& cotangents) {
  constexpr double small = rounding<T>;
  const auto at = [&](const auto& transformed) { return std::apply(transformed, duet::transform::arguments(primals)); };
  DUET_AGREE(small, at(duet::jacobian<Policy>(f)));
  DUET_AGREE(small, at(duet::value_and_jacobian<Policy>(f)));
  DUET_AGREE(small, at(duet::jacfwd<Policy>(f)));
  DUET_AGREE(small, at(duet::jacrev<Policy>(f)));
  DUET_AGREE(small, duet::jvp<Policy>(f, primals, direction));
  DUET_AGREE(small, duet::linearize<Policy>(f, primals).second(direction));
  DUET_AGREE(small, duet::vjp<Policy>(f, primals).second(cotangents));
}

constexpr auto cube = [](const auto& t) { return t * t * t; };
constexpr auto wave = [](const auto& x) { return sin(x) * exp(-x * x) + x; };
constexpr auto seeds = [](const auto& x, const auto& y) { return log(x) + x * y - sin(y); };
constexpr auto product_chain = [](const auto& x) {
  auto y = x[0] * 1;
  for (std::size_t i = 1; i < x.size(); ++i) y = y * tanh(x[i]) + x[i - 1];
  return y;
};
constexpr auto sorted_pair = []<class T>(const std::array<T, 2>& p) {
  const auto& [a, b] = p;
  return Three<T>{min(a, b), max(a, b), where(a < b, a * b, a - b)};
};
constexpr auto nested = [](const auto& rows) {
  auto sum = rows[0][0] * 0;
  for (const auto& row : rows) sum += square(row[0]) * exp(row[1]);
  return sum;
};
constexpr auto mixed = []<class T>(const auto& x, const Three<T>& v) {
  return std::tuple(x * v[0], std::array<T, 2>{v[1] / x, atan2(v[2], x)});
};

}  // namespace

TEST_CASE("scalar functions have the same derivatives by all policies") {
  for (const double x : {-1.25, 0.5, 2.0}) {
    scalar_function_agrees<double>(wave, x, 0.3);
    scalar_function_agrees<double>(seeds, std::tuple(x * x, x), std::tuple(0.3, -2.0));
    scalar_function_agrees<double>(product_chain, Three<double>{x, 0.7, -1.1}, Three<double>{0.5, -1, 2});
    scalar_function_agrees<double>(nested, std::array<std::array<double, 2>, 2>{{{x, 0.2}, {0.4, -x}}},
                                   std::array<std::array<double, 2>, 2>{{{1, 2}, {-0.5, 0.25}}});
  }
}

TEST_CASE("functions of single precision have the same derivatives by all policies") {
  scalar_function_agrees<float>(seeds, std::tuple(0.25f, 0.5f), std::tuple(0.3f, -2.0f));
}

TEST_CASE("functions with structured results have the same Jacobians by all policies") {
  for (const double x : {0.5, 2.0}) {
    function_agrees<double>(sorted_pair, std::array{x, 1.0}, std::array{1.0, -2.0}, Three<double>{1, 2, -3});
    function_agrees<double>(mixed, std::tuple(x, Three<double>{1, -2, 0.5}), std::tuple(1.0, Three<double>{1, 2, 3}),
                            std::tuple(0.5, std::array{-1.0, 2.0}));
  }
}

TEST_CASE("gradients have the structure of the arguments, and wrt selects among them") {
  const auto f = [](const auto& x, const auto& v, const auto& p) { return x * v[0] + v[1] * p.first - p.second; };
  const auto point = std::tuple(2.0, std::array{3.0, 4.0}, std::pair(5.0, 6.0));
  const auto expected = std::tuple(3.0, std::array{2.0, 5.0}, std::pair(4.0, -1.0));
  const auto check = [&]<class Policy>(Policy*) {
    CHECK(std::apply(duet::grad<Policy>(f), point) == expected);
    CHECK(std::apply(duet::grad<Policy>(f, duet::wrt<1>), point) == std::get<1>(expected));
    CHECK(std::apply(duet::grad<Policy>(f, duet::wrt<0, 2>), point) == std::tuple(3.0, std::pair(4.0, -1.0)));
  };
  check(static_cast<Forward*>(nullptr));
  check(static_cast<StaticTape*>(nullptr));
  check(static_cast<DynamicTape<>*>(nullptr));
}

TEST_CASE("higher derivatives agree, whichever transforms they are made of") {
  for (double x : {-0.5, 0.3, 1.7}) {
    const double third = duet::derivative<3>(wave)(x);
    CHECK(duet::derivative<3, Forward>(wave)(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad(duet::grad(duet::grad(wave)))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad<Forward>(duet::grad<Forward>(duet::grad<Forward>(wave)))(x) ==
          doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad<Forward>(duet::grad(duet::grad<Forward>(wave)))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad(duet::grad<Forward>(duet::grad(wave)))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::hessian(duet::grad(wave))(x)(0, 0) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::hvp(duet::grad(wave), x, 1.0) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::derivative<3, DynamicTape>(wave)(x) == doctest::Approx(third).epsilon(1e-12));
    const auto slope = duet::grad<DynamicTape>(wave);
    CHECK(duet::grad<DynamicTape>(duet::grad<DynamicTape>(slope))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad<DynamicTape>(duet::grad<Forward>(slope))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad<DynamicTape>(duet::grad(duet::grad(wave)))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::grad<Forward>(duet::grad<DynamicTape>(slope))(x) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::hessian<DynamicTape>(slope)(x)(0, 0) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::hvp<DynamicTape>(slope, x, 1.0) == doctest::Approx(third).epsilon(1e-12));
    CHECK(duet::vhp<DynamicTape>(slope, x, 1.0) == doctest::Approx(third).epsilon(1e-12));
  }
}

namespace {

/// d/dx (x * d/dy (x + y)) = 1, where a perturbation of y that is mistaken for one of x gives 2.
template <class Outer, class Inner>
constexpr double siskind_pearlmutter(double at) {
  return duet::grad<Outer>(
      [](const auto& x) { return x * duet::grad<Inner>([&x](const auto& y) { return x + y; })(x); })(at);
}
/// d/dx (x * d/dy (x * y * y) at y = x) = d/dx 2 x^3 = 6 x^2.
template <class Outer, class Inner>
constexpr double cubic(double at) {
  return duet::grad<Outer>(
      [](const auto& x) { return x * duet::grad<Inner>([&x](const auto& y) { return x * y * y; })(x); })(at);
}
/// Three levels, each of which sees the variables of those around it: d/dx (d/dy (y d/dz (x y z)) at y = x).
template <class A, class B, class C>
constexpr double three_deep(double at) {
  return duet::grad<A>([](const auto& x) {
    return duet::grad<B>(
        [&x](const auto& y) { return y * duet::grad<C>([&x, &y](const auto& z) { return x * y * z; })(x * y); })(x);
  })(at);
}
/// The same inner function at two levels: the slope of t^3 at the slope of t^3.
template <class Outer, class Inner>
constexpr double same_function_twice(double at) {
  return duet::grad<Outer>([](const auto& x) { return duet::grad<Inner>(cube)(duet::grad<Inner>(cube)(x)); })(at);
}

template <class Outer, class Inner>
constexpr bool perturbations_stay_apart() {
  return siskind_pearlmutter<Outer, Inner>(7.0) == 1 && cubic<Outer, Inner>(2.0) == 24;
}

}  // namespace

TEST_CASE("a derivative inside a derivative does not see the other's perturbation") {
  static_assert(perturbations_stay_apart<Forward, Forward>());
  static_assert(perturbations_stay_apart<Forward, StaticTape>());
  static_assert(perturbations_stay_apart<StaticTape, Forward>());
  static_assert(perturbations_stay_apart<StaticTape, StaticTape>());
  CHECK(perturbations_stay_apart<Forward, Forward>());
  CHECK(perturbations_stay_apart<Forward, StaticTape>());
  CHECK(perturbations_stay_apart<StaticTape, Forward>());
  CHECK(perturbations_stay_apart<StaticTape, StaticTape>());
  CHECK(perturbations_stay_apart<DynamicTape<>, DynamicTape<>>());
  CHECK(perturbations_stay_apart<DynamicTape<>, Forward>());
  CHECK(perturbations_stay_apart<DynamicTape<>, StaticTape>());
  CHECK(perturbations_stay_apart<Forward, DynamicTape<>>());
  // g(y) = y d/dz (x y z) = x y^2, g' = 2 x y, at y = x: 2 x^2, derived: 4 x
  CHECK(three_deep<Forward, Forward, Forward>(3.0) == 12);
  CHECK(three_deep<StaticTape, StaticTape, StaticTape>(3.0) == 12);
  CHECK(three_deep<StaticTape, Forward, StaticTape>(3.0) == 12);
  CHECK(three_deep<Forward, Forward, StaticTape>(3.0) == 12);
  CHECK(three_deep<DynamicTape<>, DynamicTape<>, DynamicTape<>>(3.0) == 12);
  CHECK(three_deep<DynamicTape<>, Forward, DynamicTape<>>(3.0) == 12);
  CHECK(three_deep<Forward, DynamicTape<>, StaticTape>(3.0) == 12);
  // 3 (3 x^2)^2 = 27 x^4, derived: 108 x^3
  CHECK(same_function_twice<Forward, Forward>(1.0) == 108);
  CHECK(same_function_twice<Forward, StaticTape>(1.0) == 108);
  CHECK(same_function_twice<StaticTape, Forward>(1.0) == 108);
  CHECK(same_function_twice<StaticTape, StaticTape>(1.0) == 108);
  CHECK(same_function_twice<DynamicTape<>, DynamicTape<>>(1.0) == 108);
  CHECK(same_function_twice<DynamicTape<>, StaticTape>(1.0) == 108);
  CHECK(same_function_twice<Forward, DynamicTape<>>(1.0) == 108);
}

TEST_CASE("a callable with captured numbers has the derivatives of one that was given them as arguments") {
  for (double a : {0.5, 2.0}) {
    const auto captured = [a](const auto& x, const auto& y) { return log(x) * a + pow(y, a) - a / (x + y); };
    const auto given = [](const auto& x, const auto& y, const auto& c) { return log(x) * c + pow(y, c) - c / (x + y); };
    const auto expected = duet::grad(given, duet::wrt<0, 1>)(1.5, 2.5, a);
    CHECK(distance(duet::grad(captured)(1.5, 2.5), expected) <= 1e-14);
    CHECK(distance(duet::grad<Forward>(captured)(1.5, 2.5), expected) <= 1e-14);
    CHECK(distance(duet::vjp(captured, std::tuple(1.5, 2.5)).second(1.0), expected) <= 1e-14);
    CHECK(distance(leaves(duet::hessian(captured)(1.5, 2.5)), leaves(duet::hessian<Forward>(captured)(1.5, 2.5))) <=
          1e-14);
    const auto of_array = [a](const auto& v) {
      const auto& [x, y] = v;
      return log(x) * a + pow(y, a) - a / (x + y);
    };
    CHECK(duet::grad(of_array)(std::array{1.5, 2.5}) == std::array{std::get<0>(expected), std::get<1>(expected)});
  }
}

TEST_CASE("derivatives are constant expressions by both policies") {
  static_assert(duet::grad(cube)(2.0) == 12);
  static_assert(duet::grad<Forward>(cube)(2.0) == 12);
  static_assert(duet::grad(product_chain)(std::array{1.0, 0.0, 0.0}) ==
                duet::grad<Forward>(product_chain)(std::array{1.0, 0.0, 0.0}));
  constexpr std::array<std::array<double, 2>, 1> one_row{{{1, 0}}};
  static_assert(duet::hessian(nested)(one_row)(0, 1) == 2);
  static_assert(duet::hessian<Forward>(nested)(one_row)(0, 1) == 2);
  static_assert(duet::jvp(seeds, std::tuple(1.0, 0.0), std::tuple(1.0, 1.0)).second == 1.0);
  static_assert(duet::vjp(seeds, std::tuple(1.0, 0.0)).second(1.0) == std::tuple(1.0, 0.0));
  static_assert(duet::vjp<Forward>(seeds, std::tuple(1.0, 0.0)).second(1.0) == std::tuple(1.0, 0.0));
}
