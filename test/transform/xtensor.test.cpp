// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// xtensor's arrays as arguments and results of what is differentiated.
#include <doctest/doctest.h>

#include <duet/duet.hpp>

// Duet comes first: it must not need these, nor stand in their way.
#include <cmath>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>

namespace {

using duet::DynamicTape, duet::Forward;
using Row = xt::xtensor<double, 1>;
using Table = xt::xtensor<double, 2>;

constexpr auto sum_of_squares = [](const auto& x) {
  std::remove_cvref_t<decltype(*x.begin())> sum = 0;
  for (const auto& each : x) sum += each * each;
  return sum;
};
constexpr auto lazy_sum = [](const auto& x) { return xt::sum(x * x)(); };

}  // namespace

TEST_CASE_TEMPLATE("the gradient of a function of an array is an array", P, DynamicTape<>, Forward) {
  const Row x{1.0, 2.0, 3.0};
  const auto g = duet::grad<P>(sum_of_squares)(x);
  static_assert(std::is_same_v<decltype(g), const Row>);
  CHECK(g == Row{2.0, 4.0, 6.0});
  CHECK(duet::grad<P>(lazy_sum)(x) == g);

  const Table table{{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}};
  const Table slopes = duet::grad<P>(sum_of_squares)(table);
  CHECK(slopes == Table(2.0 * table));

  const xt::xarray<double> any{{1.0, 2.0}, {3.0, 4.0}};
  const auto same = duet::grad<P>(sum_of_squares)(any);
  static_assert(std::is_same_v<decltype(same), const xt::xarray<double>>);
  CHECK(same == xt::xarray<double>(2.0 * any));
}

TEST_CASE("where none is named, the policy is DynamicTape") {
  const Row x{1.0, 2.0, 3.0};
  CHECK(duet::grad(sum_of_squares)(x) == duet::grad<DynamicTape>(sum_of_squares)(x));
  const auto h = duet::hessian(sum_of_squares)(x);
  CHECK(h(0, 0) == 2);
  CHECK(h(0, 1) == 0);
}

TEST_CASE("elements stand where they stood, whatever the order in memory") {
  const xt::xtensor<double, 2, xt::layout_type::column_major> x{{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}};
  const auto f = [](const auto& m) { return m(0, 1) * m(0, 1) * m(1, 2); };
  const auto g = duet::grad(f)(x);
  static_assert(std::is_same_v<decltype(g), const xt::xtensor<double, 2, xt::layout_type::column_major>>);
  CHECK(g(0, 1) == 24);
  CHECK(g(1, 2) == 4);
  CHECK(g(1, 0) == 0);
}

TEST_CASE_TEMPLATE("results may be arrays, and lazy expressions of arrays", P, DynamicTape<>, Forward) {
  const auto f = [](const auto& a, const auto& x) { return xt::eval(xt::sin(x) * a); };
  const auto lazy = [](const auto& a, const auto& x) { return xt::sin(x) * a; };
  const auto point = std::tuple(2.0, Row{0.5, 1.0, 1.5});
  const auto j = std::apply(duet::jacobian<P>(lazy), point);
  CHECK(j.rows() == 3);
  CHECK(j.cols() == 4);
  CHECK(j(1, 0) == doctest::Approx(std::sin(1.0)));
  CHECK(j(1, 2) == doctest::Approx(2 * std::cos(1.0)));
  CHECK(j(1, 3) == 0);
  CHECK(std::apply(duet::jacobian<P>(f), point) == j);

  const auto [value, pullback] = duet::vjp<P>(lazy, point);
  static_assert(std::is_same_v<std::remove_const_t<decltype(value)>, Row>);
  CHECK(value(2) == doctest::Approx(2 * std::sin(1.5)));
  const auto [da, dx] = pullback(Row{0.0, 1.0, 0.0});
  CHECK(da == doctest::Approx(std::sin(1.0)));
  CHECK(dx(1) == doctest::Approx(2 * std::cos(1.0)));
  CHECK(dx(0) == 0);
  CHECK_THROWS_AS(pullback(Row{0.0, 1.0}), duet::ShapeError);

  const auto pushed = duet::jvp<P>(lazy, point, std::tuple(1.0, Row{0.0, 0.0, 1.0})).second;
  CHECK(pushed(2) == doctest::Approx(std::sin(1.5) + 2 * std::cos(1.5)));
  CHECK(duet::linearize<P>(lazy, point).first(2) == doctest::Approx(2 * std::sin(1.5)));
}

TEST_CASE("arrays nest in other structures") {
  const auto f = [](const auto& layers) {
    auto sum = sum_of_squares(layers[0].first) * layers[1].second;
    return sum + sum_of_squares(layers[1].first) * layers[0].second;
  };
  const std::vector layers{std::pair(Row{1.0, 2.0}, 3.0), std::pair(Row{4.0}, 5.0)};
  const auto g = duet::grad(f)(layers);
  CHECK(g[0].first == Row{10.0, 20.0});
  CHECK(g[0].second == 16);
  CHECK(g[1].first == Row{24.0});
  CHECK(g[1].second == 5);
}
