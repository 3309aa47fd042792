// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Second derivatives: the same by all policies, as differences, products and formulas say.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>

#include "../../bench/problem/extended_rosenbrock.hpp"

namespace {

using duet::square, duet::DynamicTape, duet::Forward, duet::StaticTape, duet::gauss_newton_product, duet::grad,
    duet::hessian, duet::hessian_diagonal, duet::hvp, duet::value_grad_hessian, duet::vhp, duet::wrt;
using std::array, std::pair, std::tuple, std::vector;

#define DUET_POLICIES StaticTape, Forward, DynamicTape<>

template <class V>
using number = std::remove_cvref_t<decltype(std::declval<const V&>()[0])>;

/// More functions of Moré, Garbow and Hillstrom's collection (1981) with their numbers, of any sequence.
struct Powell {  // 13, singular
  template <class V>
  constexpr auto operator()(const V& x) const {
    const number<V> a = x[0] + 10 * x[1], b = x[2] - x[3], c = x[1] - 2 * x[2], d = x[0] - x[3];
    return number<V>(a * a + 5 * b * b + c * c * c * c + 10 * d * d * d * d);
  }
};
struct Wood {  // 14
  template <class V>
  constexpr auto operator()(const V& x) const {
    return number<V>(100 * square(x[1] - square(x[0])) + square(1 - x[0]) + 90 * square(x[3] - square(x[2])) +
                     square(1 - x[2]) + 10.1 * (square(x[1] - 1) + square(x[3] - 1)) + 19.8 * (x[1] - 1) * (x[3] - 1));
  }
};
struct Waves {
  template <class V>
  constexpr auto operator()(const V& x) const {
    number<V> sum = 0;
    for (std::size_t i = 1; i < x.size(); ++i)
      sum += sin(x[i] * x[i - 1]) * exp(x[i] / 4) + log(1 + x[i - 1] * x[i - 1]);
    return sum;
  }
};

constexpr array point{-3.0, -1.0, 0.5, 1.25};
vector<double> ramp(std::size_t n) {
  vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = double(i + 1) / double(n) - 0.4;
  return x;
}

template <class X>
double& leaf(X& x, std::size_t i) {
  double* found = nullptr;
  std::size_t k = 0;
  duet::tree::for_each_leaf(x, [&](double& one) { found = k++ == i ? &one : found; });
  return *found;
}

/// Value, gradient and Hessian of `f` against the function, its gradient and differences of that.
template <class P, class F, class X>
void check(const F& f, const X& x, double tolerance = 1e-13) {
  const auto [value, gradient, h] = value_grad_hessian<P>(f)(x);
  CHECK(value == doctest::Approx(f(x)).epsilon(tolerance));
  const auto expected = grad<P>(f)(x);
  const auto same = hessian<P>(f)(x);
  const auto diagonal = hessian_diagonal<P>(f)(x);
  const std::size_t n = h.rows();
  REQUIRE(h.cols() == n);
  double scale = 1;
  for (std::size_t i = 0; i < n * n; ++i) scale = std::max(scale, std::abs(h.data()[i]));
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(std::abs(gradient[i] - expected[i]) <= tolerance * scale);
    CHECK(std::abs(diagonal[i] - h(i, i)) <= tolerance * scale);
    X ahead = x, behind = x;
    leaf(ahead, i) += 1e-5;
    leaf(behind, i) -= 1e-5;
    const auto a = grad<P>(f)(ahead), b = grad<P>(f)(behind);
    for (std::size_t j = 0; j < n; ++j) {
      CHECK(h(i, j) == h(j, i));
      CHECK(std::abs(h(i, j) - same(i, j)) <= tolerance * scale);
      CHECK(std::abs(h(i, j) - (a[j] - b[j]) / 2e-5) <= 1e-7 * scale);
    }
  }
}

constexpr auto residuals = []<class V>(const V& x) {
  using T = number<V>;
  return array<T, 3>{T(10 * (x[1] - x[0] * x[0])), T(1 - x[0]), T(sin(x[0] * x[1]))};
};
constexpr auto half_squares = [](const auto& y) {
  auto sum = 0 * y[0] * y[0];
  for (const auto& each : y) sum = sum + each * each / 2;
  return sum;
};

}  // namespace

TEST_CASE_TEMPLATE("Hessians are what the formulas say", P, StaticTape, Forward) {
  // Powell's singular function at its start (3, -1, 0, 1)
  constexpr auto both = value_grad_hessian<P>(Powell{})(array{3.0, -1.0, 0.0, 1.0});
  static_assert(std::get<0>(both) == 215);
  static_assert(std::get<1>(both) == array{306.0, -144.0, -2.0, -310.0});
  static_assert(std::get<2>(both).elements == array{482.0, 20.0, 0.0, -480.0,  //
                                                    20.0, 212.0, -24.0, 0.0,   //
                                                    0.0, -24.0, 58.0, -10.0,   //
                                                    -480.0, 0.0, -10.0, 490.0});
  static_assert(hessian_diagonal<P>(Powell{})(array{3.0, -1.0, 0.0, 1.0}) == array{482.0, 212.0, 58.0, 490.0});
  // Rosenbrock's at its minimum
  static_assert(std::get<2>(value_grad_hessian<P>(bench::ExtendedRosenbrock{})(array{1.0, 1.0})).elements ==
                array{802.0, -400.0, -400.0, 200.0});
}

TEST_CASE_TEMPLATE("value, gradient and Hessian agree with differences", P, DUET_POLICIES) {
  check<P>(Powell{}, point);
  check<P>(Wood{}, point);
  check<P>(Waves{}, point);
  check<P>(bench::ExtendedRosenbrock{}, point);
}

TEST_CASE_TEMPLATE("the size may be known at run time only", P, Forward, DynamicTape<>, duet::BySize) {
  for (std::size_t n : {2, 7, 8, 9, 20}) {
    check<P>(Waves{}, ramp(n));
    check<P>(bench::ExtendedRosenbrock{}, ramp(n));
  }
  const auto [value, gradient, h] = value_grad_hessian<P>(Waves{})(vector<double>{});
  CHECK(value == 0);
  CHECK(gradient.empty());
  CHECK(h.rows() == 0);
  CHECK(hessian_diagonal<P>(Waves{})(vector<double>{}).empty());
}

TEST_CASE("policies agree to rounding") {
  const auto [value, gradient, h] = value_grad_hessian<StaticTape>(Waves{})(point);
  const auto same = [&](const auto& other) {
    for (std::size_t i = 0; i < 16; ++i)
      CHECK(std::get<2>(other).data()[i] == doctest::Approx(h.data()[i]).epsilon(1e-13));
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::get<1>(other)[i] == doctest::Approx(gradient[i]).epsilon(1e-13));
    CHECK(std::get<0>(other) == doctest::Approx(value).epsilon(1e-14));
  };
  same(value_grad_hessian<Forward>(Waves{})(point));
  same(value_grad_hessian<DynamicTape>(Waves{})(point));
}

TEST_CASE_TEMPLATE("several arguments, of which wrt selects, have their structure", P, DUET_POLICIES) {
  const auto f = [](const auto& a, const auto& p, const auto& b) { return a * a * p.first * b + p.second[1] * exp(b); };
  const pair p(3.0, array{1.0, 2.0});
  const auto [value, gradient, h] = value_grad_hessian<P>(f)(2.0, p, 1.0);
  CHECK(value == doctest::Approx(12 + 2 * std::exp(1)));
  CHECK(std::get<0>(gradient) == doctest::Approx(12));
  CHECK(std::get<1>(gradient).first == doctest::Approx(4));
  CHECK(h.rows() == 5);
  CHECK(h(0, 1) == doctest::Approx(4));
  CHECK(h(4, 4) == doctest::Approx(2 * std::exp(1)));
  CHECK(h(3, 4) == doctest::Approx(std::exp(1)));
  const auto d = hessian_diagonal<P>(f)(2.0, p, 1.0);
  CHECK(std::get<0>(d) == doctest::Approx(6));
  CHECK(std::get<1>(d) == pair(0.0, array{0.0, 0.0}));
  CHECK(std::get<2>(d) == doctest::Approx(2 * std::exp(1)));
  CHECK(hessian_diagonal<P>(f, wrt<0>)(2.0, p, 1.0) == doctest::Approx(6));
  const auto [same, part, corner] = value_grad_hessian<P>(f, wrt<0, 2>)(2.0, p, 1.0);
  CHECK(same == value);
  CHECK(std::get<1>(part) == doctest::Approx(std::get<2>(gradient)));
  CHECK(corner.rows() == 2);
  CHECK(corner(0, 1) == doctest::Approx(12));
}

TEST_CASE_TEMPLATE("hvp and vhp are rows of the Hessian, for vectors too", P, Forward, DynamicTape<>) {
  const auto x = ramp(9);
  const auto h = hessian<P>(Waves{})(x);
  for (std::size_t i = 0; i < 9; ++i) {
    vector<double> unit(9);
    unit[i] = 1;
    const auto a = hvp<P>(Waves{}, x, unit), b = vhp<P>(Waves{}, x, unit);
    for (std::size_t j = 0; j < 9; ++j) {
      CHECK(a[j] == doctest::Approx(h(i, j)).epsilon(1e-13));
      CHECK(b[j] == doctest::Approx(h(i, j)).epsilon(1e-13));
    }
  }
}

TEST_CASE_TEMPLATE("the Gauss-Newton product is J' J t, and that with half the sum of squares as loss", P,
                   DUET_POLICIES) {
  const array x{0.5, -1.5}, t{0.25, 2.0};
  const auto j = duet::jacobian<P>(residuals)(x);
  array<double, 2> expected{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double pushed = j(i, 0) * t[0] + j(i, 1) * t[1];
    for (std::size_t k = 0; k < 2; ++k) expected[k] += j(i, k) * pushed;
  }
  const auto product = gauss_newton_product<P>(residuals, x, t);
  const auto same = gauss_newton_product<P>(half_squares, residuals, x, t);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(product[k] == doctest::Approx(expected[k]).epsilon(1e-14));
    CHECK(same[k] == doctest::Approx(expected[k]).epsilon(1e-14));
  }
}

TEST_CASE_TEMPLATE("where the residuals vanish or are linear, Gauss-Newton is the Hessian", P, DUET_POLICIES) {
  const array x{1.0, 1.0}, t{0.25, 2.0};
  const auto rosenbrock = [](const auto& u) {
    using T = number<decltype(u)>;
    return array<T, 2>{T(10 * (u[1] - u[0] * u[0])), T(1 - u[0])};
  };
  CHECK(2 * gauss_newton_product<P>(rosenbrock, x, t)[0] == doctest::Approx(802 * t[0] - 400 * t[1]));
  const auto logistic = [](const auto& y) { return log(1 + exp(y[0])) + log(1 + exp(-y[1])); };
  const auto linear = [](const auto& u) {
    using T = number<decltype(u)>;
    return array<T, 2>{T(2 * u[0] - u[1]), T(u[0] + 3 * u[1])};
  };
  const auto whole = [=](const auto& u) { return logistic(linear(u)); };
  const auto a = gauss_newton_product<P>(logistic, linear, x, t);
  const auto b = hvp<Forward>(whole, x, t);
  for (std::size_t k = 0; k < 2; ++k) CHECK(a[k] == doctest::Approx(b[k]).epsilon(1e-13));
}

TEST_CASE("Gauss-Newton products of vectors, and sizes that don't fit") {
  const auto r = []<class V>(const V& x) {
    V y;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) y.push_back(x[i] * x[i + 1]);
    return y;
  };
  const auto x = ramp(5);
  const vector t{1.0, 0.0, -1.0, 2.0, 0.5};
  const auto j = duet::jacobian(r)(x);
  const auto product = gauss_newton_product(r, x, t);
  REQUIRE(product.size() == 5);
  for (std::size_t k = 0; k < 5; ++k) {
    double expected = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t l = 0; l < 5; ++l) expected += j(i, k) * j(i, l) * t[l];
    }
    CHECK(product[k] == doctest::Approx(expected));
  }
  CHECK_THROWS_AS(gauss_newton_product(r, x, vector{1.0}), duet::ShapeError);
  CHECK_THROWS_AS((hvp<DynamicTape>(Waves{}, x, vector{1.0})), duet::ShapeError);
  CHECK_THROWS_AS((vhp<DynamicTape>(Waves{}, x, vector{1.0})), duet::ShapeError);
}

TEST_CASE("second derivatives can be differentiated") {
  constexpr auto trace = [](auto a) {
    const auto d =
        hessian_diagonal([](const auto& x) { return x[0] * x[0] * x[0] * x[1] + x[1] * x[1]; })(array{a, 2 * a});
    return d[0] + d[1];  // 12 a^2 + 2
  };
  static_assert(grad(trace)(3.0) == 72);
  CHECK(duet::derivative<1, Forward>(trace)(3.0) == 72);
  const auto corner = [](auto a) { return std::get<2>(value_grad_hessian<Forward>(Waves{})(array{a, a}))(0, 1); };
  const double h = 1e-5;
  CHECK(grad<DynamicTape>(corner)(0.5) == doctest::Approx((corner(0.5 + h) - corner(0.5 - h)) / (2 * h)).epsilon(1e-7));
}

TEST_CASE("the type of the numbers is kept") {
  const auto [y, g, h] = value_grad_hessian(Powell{})(array{3.f, -1.f, 0.f, 1.f});
  CHECK(std::is_same_v<std::remove_const_t<decltype(y)>, float>);
  CHECK(std::is_same_v<std::remove_const_t<decltype(g)>, array<float, 4>>);
  CHECK(std::is_same_v<std::remove_cvref_t<decltype(h(0, 0))>, float>);
}
