// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Free-standing expressions are formulas: compared, called, composed, differentiated, and safe behind `auto`.
#include <doctest/doctest.h>

#include <cmath>
#include <type_traits>

#include <duet/duet.hpp>

namespace {

using duet::diff, duet::same;
using duet::operator""_c;

constexpr auto x = duet::arg<0>;
constexpr auto y = duet::arg<1>;
constexpr auto z = duet::arg<2>;
template <int Value>
constexpr duet::expr::Literal<Value> number{};

template <class E>
constexpr std::size_t size_of(const E& e) {
  return duet::expr::graph_of(e).size();
}

}  // namespace

TEST_CASE("a condition can be asked for by itself") {
  constexpr auto below = duet::arg<0> < 2 * duet::arg<1>;
  static_assert(below(1.0, 2.0));
  static_assert(!below(4.0, 2.0));
  static_assert((below && duet::arg<0> < 0)(-1.0, 2.0));
  CHECK(!(!below)(1.0, 2.0));
}

TEST_CASE("an expression without run-time values is an empty class") {
  static_assert(std::is_empty_v<decltype(x)>);
  static_assert(std::is_empty_v<decltype(log(x) + x * y - sin(y))>);
  static_assert(std::is_empty_v<decltype(2_c * x + pow(y, 3_c))>);
  static_assert(std::is_empty_v<decltype(diff(exp(x) * y, x))>);
  static_assert(std::is_empty_v<decltype((x * y)(y, 2_c))>);
  static_assert(!std::is_empty_v<decltype(2.5 * x)>);
}

TEST_CASE("calling an expression evaluates it on any numbers") {
  constexpr auto e = log(x) + x * y - sin(y);
  CHECK(e(2.0, 5.0) == doctest::Approx(std::log(2.0) + 10 - std::sin(5.0)));
  static_assert(std::is_same_v<decltype(e(2.0f, 5.0f)), float>);
  static_assert(std::is_same_v<decltype(e(2.0, 5.0f)), double>);
  static_assert((x * y - z)(2.0, 3.0, 4.0) == 2);
  static_assert((x * y)(2, 3) == 6);
  static_assert((x * y)(2.0, 3.0, 99.0) == 6);
  static_assert(x(7.0) == 7);
  const auto dual = e(duet::Dual<double, 2>::variable(2.0, 0), duet::Dual<double, 2>::variable(5.0, 1));
  CHECK(dual.tangent(0) == doctest::Approx(5.5));
  CHECK(dual.tangent(1) == doctest::Approx(2 - std::cos(5.0)));
}

TEST_CASE("derivatives are expressions and equal what the textbook says") {
  static_assert(same(diff(x * x, x), 2_c * x));
  static_assert(same(diff(x, x), diff(x + y, y)));
  static_assert(same(diff(x, y), number<0>));
  static_assert(same(diff(sin(x), x), cos(x)));
  static_assert(same(diff(cos(x), x), -sin(x)));
  static_assert(same(diff(exp(x), x), exp(x)));
  static_assert(same(diff(log(x), x), 1_c / x));
  static_assert(same(diff(x * y, y), x));
  static_assert(same(diff(pow(x, 2_c), x), 2_c * x));
  static_assert(same(diff(x - y, y), number<-1>));
  static_assert(same(diff(diff(sin(x), x), x), -sin(x)));
  static_assert(same(diff(diff(diff(diff(sin(x), x), x), x), x), sin(x)));
  static_assert(same(diff(diff(x * x * y, x), y), diff(diff(x * x * y, y), x)));
  static_assert(same(diff(sinh(x), x), cosh(x)));
  static_assert(same(diff(stop_gradient(x) * x, x), stop_gradient(x)));
}

TEST_CASE("same is equality after simplification, not of spelling, and not more") {
  static_assert(same(x + y, y + x));
  static_assert(same(x * y * 1_c + 0_c, y * x));
  static_assert(same(-(-x), x));
  static_assert(same(x - -y, x + y));
  static_assert(same(x * x, square(x)));
  static_assert(same(sqrt(x * x), abs(x)));
  static_assert(same(log(exp(x)), x));
  static_assert(same(log(1_c + x), log1p(x)));
  static_assert(same(exp(x) - 1_c, expm1(x)));
  static_assert(same(1_c / (1_c + exp(-x)), duet::sigmoid(x)));
  static_assert(same(pow(x, 2_c), x * x));
  static_assert(same(where(x < y, z, z), z));
  static_assert(same(2_c * (3_c * x), 6_c * x));
  static_assert(!same(x, y));
  static_assert(!same(x - y, y - x));
  static_assert(!same(x / y, y / x));
  static_assert(!same(sin(x), cos(x)));
  static_assert(!same(x * 2_c, x * 3_c));
  static_assert(!same(abs(x), x));
}

TEST_CASE("called with expressions, an expression is composed with them") {
  constexpr auto e = x - 2_c * y;
  static_assert(same(e(x * y, x), x * y - 2_c * x));
  static_assert(same(e(y, x), y - 2_c * x));
  static_assert(same(e(z, z), z - 2_c * z));
  static_assert(same(e(x, x)(y), y - 2_c * y));
  // the chain rule: (f o g)' = f'(g) g'
  constexpr auto f = sin(x) * x;
  constexpr auto g = x * x * y;
  constexpr auto chain = diff(f, x)(g) * diff(g, x);
  CHECK(diff(f(g), x)(0.7, 1.3) == doctest::Approx(chain(0.7, 1.3)));
  // composition with the derivative is not the derivative of the composition
  static_assert(same(diff(e, y)(x * y, x), number<-2>));
}

TEST_CASE("run-time values travel inside the expression") {
  for (double a : {2.0, -3.5}) {
    const auto e = a * x * x + sin(a * y);
    CHECK(e(3.0, 0.5) == doctest::Approx(9 * a + std::sin(0.5 * a)));
    const auto ex = diff(e, x);
    const auto exy = diff(diff(e * y, x), y);
    CHECK(ex(3.0, 0.5) == doctest::Approx(6 * a));
    CHECK(diff(e, y)(3.0, 0.5) == doctest::Approx(a * std::cos(0.5 * a)));
    CHECK(exy(3.0, 0.5) == doctest::Approx(6 * a));
    CHECK(e(y, 1.0)(0.0, 3.0) == doctest::Approx(9 * a + std::sin(a)));
    CHECK(diff(e(a * y, x), y)(3.0, 0.5) == doctest::Approx(a * a * a));
  }
}

TEST_CASE("numbers of every type may stand beside expressions") {
  CHECK((2 * x + 1)(3.0) == 7);
  CHECK((x / 2)(3.0) == 1.5);
  CHECK((1 - x)(3.0f) == -2);
  CHECK((x * 0.5f)(3.0) == 1.5);
  CHECK((x - 1u)(3.0) == 2);
  CHECK((3_c - x)(3.0) == 0);
  CHECK(pow(x, 2)(3.0) == 9);
  CHECK(pow(2, x)(3.0) == 8);
  CHECK(max(x, 4)(3.0) == 4);
  CHECK(where(x > 2, 1, x)(3.0) == 1);
  static_assert(std::is_same_v<decltype((2 * x)(3.0f)), double>);
  static_assert(std::is_same_v<decltype((2_c * x)(3.0f)), float>);
  static_assert(std::is_same_v<decltype((2.0f * x)(3.0f)), float>);
}

namespace {

// The operands go out of scope before the result is used; an expression that referred to them would dangle.
auto sum_of_parts(double c) {
  auto a = x * y * c;
  auto b = sin(a) + c;
  return a * a + b;
}

template <class T>
T twice(const T& t) {
  return t;
}
template <class T>
auto polynomial(const T& t, double c) {
  T u = t;
  auto v = twice(u * u + c);
  return v * twice(u) + v;
}

}  // namespace

TEST_CASE("expressions outlive the variables they were made of") {
  const auto e = sum_of_parts(1.5);
  const double a = 2.0 * 3.0 * 1.5;
  CHECK(e(2.0, 3.0) == doctest::Approx(a * a + std::sin(a) + 1.5));
  CHECK(diff(e, y)(2.0, 3.0) == doctest::Approx(3.0 * (2 * a + std::cos(a))));
  const auto p = polynomial(x + 1, 0.5);
  CHECK(p(1.0) == doctest::Approx(4.5 * 2 + 4.5));
  CHECK(diff(p, x)(1.0) == doctest::Approx(3 * 4 + 0.5 + 2 * 2));
}

TEST_CASE("gradients of expressions are those of the function that they spell") {
  constexpr auto e = log(x) + x * y - sin(y);
  const auto [ex, ey] = duet::grad(e)(2.0, 5.0);
  CHECK(ex == doctest::Approx(5.5));
  CHECK(ey == doctest::Approx(2 - std::cos(5.0)));
  const double c = 3;
  const auto [cx, cy] = duet::grad(c * x * x * y)(2.0, 5.0);
  CHECK(cx == 60);
  CHECK(cy == 12);
  const auto h = duet::hessian(x * x * y)(2.0, 5.0);
  CHECK(h(0, 0) == 10);
  CHECK(h(0, 1) == 4);
  CHECK(h(1, 1) == 0);
}

namespace {

// A chain in which every link is used twice: 2 n + 1 nodes if shared, 2^n if not.
template <int N, class T>
constexpr auto chain(const T& a) {
  if constexpr (N == 0) {
    return a;
  } else {
    return chain<N - 1>(a * a + a);
  }
}
struct Chain {
  constexpr auto operator()(const auto& a) const { return chain<60>(a); }
};

}  // namespace

/// The slope of the chain at `a`, link by link.
constexpr double slope_of_chain(int links, double a) {
  double slope = 1;
  for (int i = 0; i < links; ++i) {
    slope *= 2 * a + 1;
    a = a * a + a;
  }
  return slope;
}

TEST_CASE("shared parts are recorded once, in expressions and in traces") {
  static_assert(duet::graph_of<Chain>.size() == 121);
  static_assert(size_of(chain<40>(x)) == 81);
  static_assert(size_of(diff(chain<8>(x), x)) < 60);
  static_assert(std::is_empty_v<decltype(chain<40>(x))>);
  const double at = 0.001, slope = slope_of_chain(40, at);
  CHECK(chain<40>(x)(at) == doctest::Approx(chain<40>(at)).epsilon(1e-14));
  CHECK(diff(chain<40>(x), x)(at) == doctest::Approx(slope).epsilon(1e-14));
  CHECK(duet::derivative(chain<40>(x))(at) == doctest::Approx(slope).epsilon(1e-14));
  const double c = 3;
  const auto captured = [c](const auto& t) { return c * chain<40>(t) + chain<40>(t); };
  CHECK(duet::grad(captured)(at) == doctest::Approx((c + 1) * slope).epsilon(1e-14));
  CHECK(duet::grad(Chain{})(at) == doctest::Approx(slope_of_chain(60, at)).epsilon(1e-13));
}

TEST_CASE("parts are found again wherever they stand, and only these") {
  const auto a = x * y;
  const auto b = sin(y) - a;
  static_assert(size_of((b + a) * (a - b)) == 8);
  static_assert(size_of(fma(a, b, sin(y) * x)) == 7);       // the third operand begins otherwise than the first
  static_assert(size_of((z * b + y) * (b * x * y)) == 10);  // the same leaves in another order
  static_assert(size_of(where(z < b, b * x, x * b)) == 7);
  static_assert(same((z * b + y) * (b * x), (y + b * z) * x * b));
  CHECK(((z * b + y) * (b * x * y))(2.0, 3.0, 5.0) ==
        doctest::Approx((5 * (std::sin(3.0) - 6) + 3) * (std::sin(3.0) - 6) * 6));
}

TEST_CASE("values of one type are told apart") {
  const auto scaled = [](double factor) { return sin(factor * x) + factor; };
  const auto product = scaled(2) * scaled(3);
  CHECK(product(0.5) == doctest::Approx((std::sin(1.0) + 2) * (std::sin(1.5) + 3)));
  CHECK(diff(product, x)(0.5) ==
        doctest::Approx(2 * std::cos(1.0) * (std::sin(1.5) + 3) + 3 * std::cos(1.5) * (std::sin(1.0) + 2)));
  const auto mixed = (0.5f * x) * (3.0 * y + 0.25f);
  CHECK(mixed(2.0f, 1.0f) == 3.25);
  static_assert(std::is_same_v<decltype(mixed(2.0f, 1.0f)), double>);
  CHECK(sizeof(product) == 4 * sizeof(double));
}

TEST_CASE("free arguments and those of a callable that is recorded are told apart") {
  const double c = 5;
  CHECK(duet::grad([c](auto t) { return c * diff(t * t * x, x); })(3.0) == 30);
  CHECK(duet::grad([c](auto t) { return c * diff(x * x * t, x)(t); })(3.0) == 60);
}
