// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// jvp, vjp, linearize, hvp and vhp: products with Jacobians and Hessians in the structures of the point and the result.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <type_traits>
#include <utility>

#include <duet/duet.hpp>

namespace {

using duet::Forward, duet::StaticTape, duet::grad, duet::hvp, duet::jacobian, duet::jvp, duet::linearize, duet::vhp,
    duet::vjp;
using std::array, std::tuple, std::pair;

#define DUET_POLICIES StaticTape, Forward

constexpr auto curve = [](auto t) { return array{t * t, 2 * t * t * t}; };
constexpr auto structured = [](const auto& v, const auto& p) {
  return tuple(v[0] * p.first, array{v[1] * p.second, v[0] + p.second});
};
constexpr array v{2.0, 3.0};
constexpr pair p{5.0, 7.0};
constexpr auto rosenbrock = [](const auto& x) {
  auto sum = 0 * x[0];
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  }
  return sum;
};
constexpr array point{0.5, -1.25, 2.0, 0.75};

/// Row times matrix times column, by hand.
template <class M>
constexpr auto times(const M& m, const array<double, M::cols()>& x) {
  array<double, M::rows()> y{};
  for (std::size_t i = 0; i < M::rows(); ++i) {
    for (std::size_t j = 0; j < M::cols(); ++j) y[i] += m(i, j) * x[j];
  }
  return y;
}

}  // namespace

TEST_CASE_TEMPLATE("jvp gives the value and the tangent, both in the structure of the result", P, DUET_POLICIES) {
  static_assert(jvp<P>(curve, 3.0, 1.0) == pair(array{9.0, 54.0}, array{6.0, 54.0}));
  static_assert(jvp<P>(curve, 3.0, -0.5) == pair(array{9.0, 54.0}, array{-3.0, -27.0}));
  static_assert(jvp<P>([](auto x) { return x * x; }, 3.0, 2.0) == pair(9.0, 12.0));
  static_assert(jvp<P>(structured, tuple(v, p), tuple(array{1.0, 0.0}, pair(0.0, 0.0))) ==
                pair(tuple(10.0, array{21.0, 9.0}), tuple(5.0, array{0.0, 1.0})));
  static_assert(jvp<P>(structured, tuple(v, p), tuple(array{0.0, 1.0}, pair(1.0, 1.0))).second ==
                tuple(2.0, array{7.0 + 3.0, 1.0}));
}

TEST_CASE_TEMPLATE("vjp gives the value and a pullback into the structure of the point", P, DUET_POLICIES) {
  constexpr auto y = vjp<P>(structured, tuple(v, p));
  static_assert(y.first == tuple(10.0, array{21.0, 9.0}));
  static_assert(y.second(tuple(1.0, array{0.0, 0.0})) == tuple(array{5.0, 0.0}, pair(2.0, 0.0)));
  static_assert(y.second(tuple(0.0, array{1.0, 0.0})) == tuple(array{0.0, 7.0}, pair(0.0, 3.0)));
  static_assert(y.second(tuple(0.0, array{0.0, 1.0})) == tuple(array{1.0, 0.0}, pair(0.0, 1.0)));
  static_assert(vjp<P>(curve, 3.0).second(array{1.0, 2.0}) == 114);
  static_assert(vjp<P>([](auto x, auto z) { return x * z; }, tuple(2.0, 3.0)).second(1.0) == tuple(3.0, 2.0));
  static_assert(vjp<P>([](const auto& x) { return x[0] * x[1]; }, v).second(10.0) == array{30.0, 20.0});
}

TEST_CASE_TEMPLATE("pullbacks and pushforwards are linear, and may be called many times", P, DUET_POLICIES) {
  const auto pullback = vjp<P>(structured, tuple(v, p)).second;
  const auto pushforward = linearize<P>(structured, tuple(v, p)).second;
  for (double s : {1.0, -2.0, 0.0, 1e10}) {
    CHECK(pullback(tuple(s, array{0.0, 2 * s})) == tuple(array{7 * s, 0.0}, pair(2 * s, 2 * s)));
    CHECK(pushforward(tuple(array{s, 0.0}, pair(0.0, s))) == tuple(5 * s, array{3 * s, 2 * s}));
  }
}

TEST_CASE_TEMPLATE("linearize gives the value and the tangents of jvp", P, DUET_POLICIES) {
  constexpr auto y = linearize<P>(curve, 3.0);
  static_assert(y.first == array{9.0, 54.0});
  static_assert(y.second(-0.5) == jvp<P>(curve, 3.0, -0.5).second);
}

TEST_CASE_TEMPLATE("products equal those with the matrix", P, DUET_POLICIES) {
  constexpr auto f = [](const auto& x) { return array{sin(x[0] * x[1]), exp(x[1]) / x[2], x[0] * x[0] * x[3]}; };
  const auto j = jacobian<P>(f)(point);
  const array t{0.3, -0.7, 1.1, 2.0};
  const array w{1.5, -0.2, 0.9};
  const auto tangent = jvp<P>(f, point, t).second;
  const auto expected = times(j, t);
  for (std::size_t i = 0; i < 3; ++i) CHECK(tangent[i] == doctest::Approx(expected[i]).epsilon(1e-14));
  const auto cotangent = vjp<P>(f, point).second(w);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(cotangent[k] == doctest::Approx(w[0] * j(0, k) + w[1] * j(1, k) + w[2] * j(2, k)).epsilon(1e-14));
  }
}

TEST_CASE_TEMPLATE("hvp and vhp are the Hessian times a vector, in the structure of the point", P, DUET_POLICIES) {
  const auto h = duet::hessian<P>(rosenbrock)(point);
  const array t{0.3, -0.7, 1.1, 2.0};
  const auto expected = times(h, t);
  const auto forward = hvp<P>(rosenbrock, point, t);
  const auto reverse = vhp<P>(rosenbrock, point, t);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(forward[i] == doctest::Approx(expected[i]).epsilon(1e-13));
    CHECK(reverse[i] == doctest::Approx(expected[i]).epsilon(1e-13));
  }
  constexpr auto f = [](auto x, const auto& q) { return x * x * q.first + x * q.second * q.second; };
  constexpr tuple at(2.0, pair(3.0, 5.0));
  static_assert(hvp<P>(f, at, tuple(1.0, pair(0.0, 0.0))) == tuple(6.0, pair(4.0, 10.0)));
  static_assert(vhp<P>(f, at, tuple(0.0, pair(0.0, 1.0))) == tuple(10.0, pair(0.0, 4.0)));
}

TEST_CASE_TEMPLATE("the type of the numbers is kept", P, DUET_POLICIES) {
  const auto square = [](auto x) { return x * x; };
  CHECK(std::is_same_v<decltype(jvp<P>(square, 3.0f, 1.0f)), pair<float, float>>);
  CHECK(std::is_same_v<decltype(vjp<P>(square, 3.0f).second(1.0f)), float>);
  CHECK(std::is_same_v<decltype(hvp<P>(rosenbrock, array{1.f, 2.f}, array{1.f, 2.f})), array<float, 2>>);
}

TEST_CASE_TEMPLATE("constant and unused parts have zero products", P, DUET_POLICIES) {
  constexpr auto f = [](auto x, auto) { return tuple(x, 7.0); };
  static_assert(jvp<P>(f, tuple(2.0, 3.0), tuple(0.0, 1.0)) == pair(tuple(2.0, 7.0), tuple(0.0, 0.0)));
  static_assert(vjp<P>(f, tuple(2.0, 3.0)).second(tuple(1.0, 1.0)) == tuple(1.0, 0.0));
  static_assert(jvp<P>([](auto x) { return duet::stop_gradient(x) * x; }, 3.0, 1.0) == pair(9.0, 3.0));
}

TEST_CASE_TEMPLATE("captured values take part, and a pullback keeps its point", P, DUET_POLICIES) {
  double c = 3;
  const auto f = [c](auto x, auto y) { return c * x * y; };
  const auto pullback = vjp<P>(f, tuple(2.0, 5.0)).second;
  c = 0;
  CHECK(pullback(1.0) == tuple(15.0, 6.0));
  CHECK(jvp<P>(f, tuple(2.0, 5.0), tuple(1.0, 1.0)).second == 21);
  CHECK(hvp<P>(f, tuple(2.0, 5.0), tuple(1.0, 2.0)) == tuple(6.0, 3.0));
}

TEST_CASE_TEMPLATE("products nest: forward over reverse, reverse over forward, reverse over reverse", P,
                   DUET_POLICIES) {
  constexpr auto cube = [](auto x) { return x * x * x; };
  static_assert(jvp<P>(grad<P>(cube), 2.0, 1.0) == pair(12.0, 12.0));
  static_assert(grad<P>([](auto x) { return jvp<P>([](auto t) { return t * t * t; }, x, 0 * x + 1).second; })(2.0) ==
                12);
  static_assert(vjp<P>(grad<P>(cube), 2.0).second(1.0) == 12);
  constexpr auto pulled = [](auto x) {
    return jvp<P>([](auto t) { return vjp<P>([](auto u) { return u * u * u; }, t).second(0 * t + 1); }, x, 0 * x + 1)
        .second;
  };
  static_assert(grad<P>(pulled)(2.0) == 6);
  static_assert(jacobian<P>(grad<P>(rosenbrock))(point) == duet::hessian<P>(rosenbrock)(point));
}

namespace {

/// Takes the rows that an engine gives as they are.
struct AsArrays {
  constexpr auto operator()(const auto& y, const auto& d) const {
    return pair(duet::tree::to_array<double>(y), duet::tree::to_array<double>(d));
  }
};

}  // namespace

TEST_CASE_TEMPLATE("a policy is an engine: the four names that all transforms are made of", P, DUET_POLICIES) {
  static_assert(duet::engine<P>);
  constexpr auto f = [](auto x, auto y) { return array{x * y, x + y}; };
  using Flat = duet::tape::Flat<std::remove_const_t<decltype(f)>, duet::Wrt<>, double, double>;
  constexpr double x = 2, y = 3;
  constexpr Flat flat(f, x, y);
  CHECK(duet::tree::same_structure<typename P::template result<Flat>, array<double, 2>>);
  const auto variables = Flat::variables_of(x, y);
  const auto parameters = Flat::parameters_of(x, y);
  const array<double, 2> direction{1, 10};
  const duet::tree::Leaves<double, 2> d{direction.data()};
  CHECK(P::template jacobian<duet::Mode::automatic, false>(flat, variables, parameters, AsArrays{}) ==
        pair(array{6.0, 5.0}, array{3.0, 2.0, 1.0, 1.0}));
  CHECK(P::tangents(flat, variables, d, parameters, AsArrays{}) == pair(array{6.0, 5.0}, array{23.0, 11.0}));
  CHECK(P::cotangents(flat, variables, d, parameters, AsArrays{}) == pair(array{6.0, 5.0}, array{13.0, 12.0}));
  static_assert(!duet::engine<double>);
}
