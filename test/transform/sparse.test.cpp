// Sparse Jacobians and Hessians whose pattern is known at compile time.
#include <doctest/doctest.h>

#include <cmath>

#include <duet/sparse.hpp>

#include "../../bench/problem/broyden.hpp"

namespace {

using duet::Forward, duet::jacobian_pattern, duet::hessian_pattern;

// A derivative at compile time and at run time, against the dense one.
template <class F, class X>
constexpr bool agrees(const F& f, const X& x) {
  return duet::sparse_jacobian(f)(x).dense() == duet::jacobian(f)(x) &&
         duet::sparse_jacobian<Forward>(f)(x).dense() == duet::jacobian<Forward>(f)(x);
}

constexpr bench::Broyden tridiagonal;
constexpr auto arrowhead = [](const auto& x) {
  auto y = x;
  y[0] = 0 * x[0];
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[0] = y[0] + x[i] * x[i];
    if (i > 0) y[i] = x[0] * x[i];
  }
  return y;
};
constexpr auto blocks = [](const auto& x) {
  auto y = x;
  for (std::size_t i = 0; i < x.size(); i += 2) {
    y[i] = x[i] * x[i + 1];
    y[i + 1] = x[i] - 3 * x[i + 1] * x[i + 1];
  }
  return y;
};
constexpr auto chained = [](const auto& x) {
  auto s = 0 * x[0];
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const auto t = x[i + 1] - x[i] * x[i], u = 1 - x[i];
    s = s + 100 * t * t + u * u;
  }
  return s;
};
constexpr auto star = [](const auto& x) {
  auto s = x[0] * x[0];
  for (std::size_t i = 1; i < x.size(); ++i) s = s + x[0] * x[i] + x[i] * x[i] * x[i];
  return s;
};

using Six = std::array<double, 6>;
constexpr Six point{0.5, -1, 2, 0.25, 1.5, -2};

}  // namespace

TEST_CASE("patterns are constants") {
  constexpr const auto& p = jacobian_pattern<decltype(tridiagonal), Six>;
  static_assert(p.rows() == 6 && p.cols() == 6 && p.nonzeros() == 16);
  static_assert(p.row_offsets()[0] == 0 && p.row_offsets()[1] == 2 && p.row_offsets()[6] == 16);
  static_assert(p.columns()[0] == 0 && p.columns()[1] == 1 && p.columns()[2] == 0);
  static_assert(jacobian_pattern<decltype(arrowhead), Six>.nonzeros() == 16);
  static_assert(jacobian_pattern<decltype(blocks), Six>.nonzeros() == 12);
  static_assert(hessian_pattern<decltype(chained), Six>.nonzeros() == 16);
  static_assert(hessian_pattern<decltype(star), Six>.nonzeros() == 16);
}

TEST_CASE("the pattern of scalars needs no argument types") {
  constexpr auto f = [](auto x, auto y, auto z) { return std::tuple(x * y, y + sin(z), 2 * x); };
  constexpr const auto& p = jacobian_pattern<decltype(f)>;
  static_assert(p.rows() == 3 && p.cols() == 3 && p.nonzeros() == 5);
  static_assert(hessian_pattern<decltype([](auto x, auto y, auto z) { return x * y + z; })>.nonzeros() == 2);
}

TEST_CASE("what has no derivative is no entry, and both sides of a choice are") {
  constexpr auto rounded = [](auto x, auto y) { return floor(x) + y; };
  static_assert(jacobian_pattern<decltype(rounded)>.nonzeros() == 1);
  constexpr auto chosen = [](auto x, auto y, auto z) { return duet::where(x > 0, y, z); };
  static_assert(jacobian_pattern<decltype(chosen)>.nonzeros() == 2);
  static_assert(jacobian_pattern<decltype(chosen)>.columns()[0] == 1);
  constexpr auto stopped = [](auto x, auto y) { return duet::stop_gradient(x) * y; };
  static_assert(jacobian_pattern<decltype(stopped)>.nonzeros() == 1);
}

TEST_CASE("second derivatives that the rules simplify away are no entries; what cancels by accident is one") {
  constexpr auto linear = [](auto x, auto y) { return (x + y) * 3 + y * y; };
  static_assert(hessian_pattern<decltype(linear)>.nonzeros() == 1);
  constexpr auto separable = [](auto x, auto y) { return sin(x) + exp(y); };
  static_assert(hessian_pattern<decltype(separable)>.nonzeros() == 2);
  constexpr auto same = [](auto x, auto y) { return x - x + y; };  // NaN where x is infinite
  static_assert(jacobian_pattern<decltype(same)>.nonzeros() == 2);
  CHECK(duet::sparse_jacobian(same)(1.0, 2.0).at(0, 0) == 0);
  constexpr auto hidden = [](auto x, auto y) { return (x * y) * (x * y) - (x * x) * (y * y); };
  static_assert(hessian_pattern<decltype(hidden)>.nonzeros() == 4);
  CHECK(duet::sparse_hessian(hidden)(1.0, 2.0).at(0, 1) == 0);
}

TEST_CASE("sparse Jacobians are the dense ones, at compile time and at run time, backwards and by colours") {
  static_assert(agrees(tridiagonal, point));
  static_assert(agrees(arrowhead, point));
  static_assert(agrees(blocks, point));
  Six x = point;
  for (double& each : x) each *= 1.25;
  CHECK(agrees(tridiagonal, x));
  CHECK(agrees(arrowhead, x));
  CHECK(agrees(blocks, x));
}

TEST_CASE("so are sparse Hessians") {
  static_assert(duet::sparse_hessian(chained)(point).dense() == duet::hessian(chained)(point));
  static_assert(duet::sparse_hessian<Forward>(star)(point).dense() == duet::hessian<Forward>(star)(point));
  const auto close = [](const auto& sparse, const auto& dense) {
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 6; ++j) CHECK(sparse.at(i, j) == doctest::Approx(dense(i, j)).epsilon(1e-12));
    }
  };
  close(duet::sparse_hessian(star)(point), duet::hessian(star)(point));
  close(duet::sparse_hessian<Forward>(chained)(point), duet::hessian(chained)(point));
}

TEST_CASE("a constant pattern has the colours that its band asks for") {
  using Entries = decltype(duet::sparse_jacobian(tridiagonal)(point));
  using Pattern = std::remove_cvref_t<decltype(Entries::pattern())>;
  static_assert(std::same_as<Pattern, std::remove_cvref_t<decltype(jacobian_pattern<decltype(tridiagonal), Six>)>>);
  CHECK(&Entries::pattern() == &jacobian_pattern<decltype(tridiagonal), Six>);
  CHECK(duet::graph::colour_columns(duet::graph::thaw(Entries::pattern())).count == 3);
}

TEST_CASE("the value comes along") {
  constexpr auto both = duet::value_and_sparse_jacobian(tridiagonal)(point);
  static_assert(both.first == tridiagonal(point));
  static_assert(both.second.values() == duet::sparse_jacobian(tridiagonal)(point).values());
  static_assert(duet::value_and_sparse_jacobian<Forward>(tridiagonal)(point).first == tridiagonal(point));
}

TEST_CASE("arguments can be left out, and what a function captured takes part as numbers") {
  const double scale = 3;
  const auto f = [scale](const auto& x, const auto& y) { return std::tuple(scale * x, x * y, y * y); };
  const auto j = duet::sparse_jacobian(f, duet::wrt<1>)(2.0, 5.0);
  CHECK(j.rows() == 3);
  CHECK(j.cols() == 1);
  CHECK(j.nonzeros() == 2);
  CHECK(j.dense() == duet::jacobian(f, duet::wrt<1>)(2.0, 5.0));
  CHECK(duet::sparse_jacobian<Forward>(f, duet::wrt<1>)(2.0, 5.0).dense() == j.dense());
}

TEST_CASE("parts of arguments can be named") {
  constexpr auto f = [](const auto& p) { return std::array{p.first[0] * p.second, p.first[1] * p.first[1]}; };
  constexpr std::pair<std::array<double, 2>, double> p{{2, 3}, 5};
  constexpr auto parts = duet::wrt<"[1]", "[0][1]">;
  static_assert(duet::sparse_jacobian(f, parts)(p).nonzeros() == 2);
  static_assert(duet::sparse_jacobian(f, parts)(p).dense() == duet::jacobian(f, parts)(p));
  static_assert(duet::sparse_jacobian<Forward>(f, parts)(p).dense() == duet::jacobian(f, parts)(p));
  static_assert(duet::value_and_sparse_jacobian(f, parts)(p).first == f(p));
  constexpr auto g = [](const auto& p) { return p.first[0] * p.first[0] * p.first[0] * p.second + p.first[1]; };
  constexpr auto h = duet::sparse_hessian(g, duet::wrt<"[0]">)(p);
  static_assert(h.nonzeros() == 1);
  static_assert(h.dense() == duet::hessian(g, duet::wrt<"[0]">)(p));
}

TEST_CASE("elements without an entry are zero, and there are none outside of the matrix") {
  const auto j = duet::sparse_jacobian(tridiagonal)(point);
  CHECK(j.at(0, 5) == 0);
  CHECK(j.at(3, 2) == -1);
  CHECK_THROWS_AS(j.at(6, 0), duet::ShapeError);
  CHECK_THROWS_AS(j.at(0, 6), duet::ShapeError);
}
