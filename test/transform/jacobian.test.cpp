// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Jacobians, Hessians and higher derivatives: rows are the leaves of the result, columns those of the arguments.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <type_traits>
#include <utility>

#include <duet/duet.hpp>

namespace {

using duet::derivative, duet::hessian, duet::jacfwd, duet::jacobian, duet::jacrev, duet::value_and_jacobian;
using duet::Forward, duet::StaticTape, duet::Matrix, duet::wrt;
using std::array, std::tuple, std::pair;

#define DUET_POLICIES StaticTape, Forward

template <class T, std::size_t R, std::size_t C>
constexpr Matrix<T, R, C> matrix(const array<T, R * C>& elements) {
  return {elements};
}

template <class M, class N>
void check_close(const M& a, const N& b) {
  static_assert(M::rows() == N::rows() && M::cols() == N::cols());
  for (std::size_t i = 0; i < M::rows(); ++i) {
    for (std::size_t j = 0; j < M::cols(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK(a(i, j) == doctest::Approx(b(i, j)).epsilon(1e-13));
    }
  }
}

constexpr auto rotate = [](const auto& v, auto angle) {
  return array{cos(angle) * v[0] - sin(angle) * v[1], sin(angle) * v[0] + cos(angle) * v[1]};
};
/// Two outputs of twenty inputs, and the other way round: more than Forward carries at once.
constexpr auto wide = [](const auto& x) {
  auto sum = x[0], product = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) sum += sin(x[i]) * static_cast<double>(i), product *= x[i];
  return array{sum, product};
};
constexpr auto tall = []<class T>(const array<T, 2>& x) {
  array<T, 20> y{};
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = exp(x[0] * static_cast<double>(i) / 20) * x[1];
  return y;
};
constexpr auto himmelblau = [](const auto& x) {
  return square(x[0] * x[0] + x[1] - 11) + square(x[0] + x[1] * x[1] - 7);
};

}  // namespace

TEST_CASE_TEMPLATE("a row per output leaf, a column per input leaf", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, auto y) { return array{x * y, x + y, x * x}; };
  static_assert(jacobian<P>(f)(2.0, 3.0) == matrix<double, 3, 2>({3, 2, 1, 1, 4, 0}));
  static_assert(jacobian<P>([](auto x) { return x * x; })(3.0) == matrix<double, 1, 1>({6}));
  static_assert(jacobian<P>([](const auto& x) { return x[0] * x[1]; })(array{2.0, 3.0}) ==
                matrix<double, 1, 2>({3, 2}));
  constexpr auto structured = [](const auto& p) {
    return tuple(p.first[0] * p.second, array{pair(p.first[1], p.second), pair(p.second * p.second, p.first[0])});
  };
  static_assert(jacobian<P>(structured)(pair(array{2.0, 3.0}, 5.0)) ==
                matrix<double, 5, 3>({5, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0, 10, 1, 0, 0}));
}

TEST_CASE("the mode may be chosen on every policy, and parts be named") {
  constexpr auto f = []<class T>(T x, T y) { return array<T, 3>{x * y, x + y, x * x}; };
  const auto j = jacobian(f)(2.0, 3.0);
  CHECK(duet::jacobian_by<duet::Mode::forward, duet::DynamicTape>(f)(2.0, 3.0) == j);
  CHECK(duet::jacobian_by<duet::Mode::reverse, duet::Forward>(f)(2.0, 3.0) == j);
  CHECK(duet::jacobian_by<duet::Mode::reverse>(f, duet::wrt<"[1]">)(2.0, 3.0)(0, 0) == 2);
}

TEST_CASE("a matrix has rows, columns, elements row by row, and plain data") {
  constexpr auto j = jacobian([](auto x, auto y) { return array{x * y, x + y, x * x}; })(2.0, 3.0);
  static_assert(j.rows() == 3 && j.cols() == 2);
  static_assert(j(0, 0) == 3 && j(0, 1) == 2 && j(2, 0) == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 2; ++k) CHECK(j.data()[2 * i + k] == j(i, k));
  }
  static_assert(std::is_trivially_copyable_v<decltype(j)>);
}

TEST_CASE_TEMPLATE("the value comes first, in its own structure", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, auto y) { return tuple(x * y, array{x, y}); };
  static_assert(value_and_jacobian<P>(f)(2.0, 3.0) ==
                pair(tuple(6.0, array{2.0, 3.0}), matrix<double, 3, 2>({3, 2, 1, 0, 0, 1})));
}

TEST_CASE_TEMPLATE("wrt chooses columns", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, const auto& v) { return array{x * v[0], x + v[1]}; };
  static_assert(jacobian<P>(f, wrt<0>)(2.0, array{3.0, 5.0}) == matrix<double, 2, 1>({3, 1}));
  static_assert(jacobian<P>(f, wrt<1>)(2.0, array{3.0, 5.0}) == matrix<double, 2, 2>({2, 0, 0, 1}));
  static_assert(jacobian<P>(f)(2.0, array{3.0, 5.0}) == matrix<double, 2, 3>({3, 2, 0, 1, 0, 1}));
  static_assert(hessian<P>([](auto x, auto y) { return x * x * y * y; }, wrt<0>)(2.0, 3.0) ==
                matrix<double, 1, 1>({18}));
}

TEST_CASE_TEMPLATE("the type of the numbers is kept", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, auto y) { return array{x * y, 2.0 * x}; };
  CHECK(std::is_same_v<decltype(jacobian<P>(f)(2.0f, 3.0f)), Matrix<float, 2, 2>>);
  CHECK(std::is_same_v<decltype(hessian<P>(himmelblau)(array{2.0f, 3.0f})), Matrix<float, 2, 2>>);
  CHECK(std::is_same_v<decltype(derivative<2, P>([](auto x) { return x * x; })(2.0f)), float>);
}

TEST_CASE_TEMPLATE("jacfwd, jacrev and jacobian are the same matrix, tall or wide", P, DUET_POLICIES) {
  array<double, 20> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.8 + 0.03 * static_cast<double>(i);
  const auto w = jacobian<P>(wide)(x);
  check_close(jacfwd<P>(wide)(x), w);
  check_close(jacrev<P>(wide)(x), w);
  for (std::size_t i = 1; i < 20; ++i) CHECK(w(0, i) == doctest::Approx(std::cos(x[i]) * double(i)));
  const array<double, 2> y{0.4, 1.2};
  const auto t = jacobian<P>(tall)(y);
  check_close(jacfwd<P>(tall)(y), t);
  check_close(jacrev<P>(tall)(y), t);
  for (std::size_t i = 0; i < 20; ++i) CHECK(t(i, 1) == doctest::Approx(std::exp(0.02 * double(i))));
  const auto r = jacobian<P>(rotate)(y, 0.3);
  check_close(jacfwd<P>(rotate)(y, 0.3), r);
  check_close(jacrev<P>(rotate)(y, 0.3), r);
  CHECK(r(0, 2) == doctest::Approx(-std::sin(0.3) * 0.4 - std::cos(0.3) * 1.2));
}

TEST_CASE_TEMPLATE("outputs that are constants or inputs have rows like all others", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, auto y) { return tuple(x, 7.0 + 0 * y, y, x); };
  static_assert(jacobian<P>(f)(2.0, 3.0) == matrix<double, 4, 2>({1, 0, 0, 0, 0, 1, 1, 0}));
  static_assert(jacobian<P>([](auto x) { return tuple(1.5, x); })(2.0) == matrix<double, 2, 1>({0, 1}));
}

TEST_CASE_TEMPLATE("captured values take part", P, DUET_POLICIES) {
  const double c = 3;
  const auto j = jacobian<P>([c](auto x, auto y) { return tuple(c * x * y, x - c * y); })(2.0, 5.0);
  CHECK(j == matrix<double, 2, 2>({15, 6, 1, -3}));
}

TEST_CASE_TEMPLATE("Hessians are symmetric and exact", P, DUET_POLICIES) {
  constexpr array at{1.5, -0.5};
  constexpr auto h = hessian<P>(himmelblau)(at);
  static_assert(h(0, 1) == h(1, 0));
  static_assert(h(0, 0) == 12 * 2.25 + 4 * -0.5 - 42);
  static_assert(h(1, 1) == 12 * 0.25 + 4 * 1.5 - 26);
  static_assert(h(0, 1) == 4 * 1.5 + 4 * -0.5);
  check_close(jacobian<P>(duet::grad<P>(himmelblau))(at), h);
  check_close(jacfwd<P>(duet::grad<P>(himmelblau))(at), h);
  check_close(jacrev<P>(duet::grad<P>(himmelblau))(at), h);
  const auto several = [](auto x, const auto& v) { return x * x * v[0] + sin(v[1] * x); };
  const auto g = hessian<P>(several)(0.7, array{2.0, 3.0});
  static_assert(decltype(g)::rows() == 3 && decltype(g)::cols() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < i; ++k) CHECK(g(i, k) == g(k, i));
  }
  CHECK(g(0, 2) == doctest::Approx(std::cos(2.1) - 2.1 * std::sin(2.1)));
  CHECK(g(1, 1) == 0);
}

TEST_CASE("of a Hessian one triangle is computed, the other refers to it") {
  using F = std::remove_const_t<decltype(duet::grad(himmelblau))>;
  using Flat = duet::tape::Flat<F, duet::Wrt<>, array<double, 2>>;
  const auto primal = duet::graph::thaw(duet::graph_of<F, array<double, 2>>);
  const auto whole = duet::graph::with_jacobian(primal, 2, duet::Mode::reverse, false);
  const auto half = duet::graph::with_jacobian(primal, 2, duet::Mode::reverse, true);
  CHECK(half.outputs[2 + 1] == half.outputs[2 + 2]);
  CHECK(half.size() <= whole.size());
  CHECK(Flat::variables == 2);
}

TEST_CASE_TEMPLATE("derivative<K> is the K-th derivative, in the structure of the value", P, DUET_POLICIES) {
  constexpr auto quartic = [](auto x) { return x * x * x * x; };
  static_assert(derivative<0, P>(quartic)(2.0) == 16);
  static_assert(derivative<1, P>(quartic)(2.0) == 32);
  static_assert(derivative<2, P>(quartic)(2.0) == 48);
  static_assert(derivative<3, P>(quartic)(2.0) == 48);
  CHECK(derivative<4, P>(quartic)(2.0) == 24);
  static_assert(derivative<1, P>([](auto x) { return array{x, x * x}; })(3.0) == array{1.0, 6.0});
  static_assert(derivative<2, P>([](auto x) { return tuple(x, x * x); })(3.0) == tuple(0.0, 2.0));
  CHECK(derivative<4, P>([](auto x) { return x * log(x); })(0.5) == doctest::Approx(16).epsilon(1e-14));
  const double c = 3;
  CHECK(derivative<2, P>([c](auto x) { return c * x * x; })(0.5) == 6);
}

TEST_CASE("derivative without an order is the first") {
  static_assert(derivative([](auto x) { return x * x; })(3.0) == 6);
}

TEST_CASE("high orders stay exact") {
  CHECK(derivative<5>([](auto x) { return x * x * x * x; })(2.0) == 0);
  CHECK(derivative<6>([](auto x) { return sin(x); })(0.5) == doctest::Approx(-std::sin(0.5)).epsilon(1e-14));
  CHECK(derivative<6>([](auto x) { return log(x); })(0.5) == doctest::Approx(-120 * 64).epsilon(1e-14));
}
