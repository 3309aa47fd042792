// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Statements that have not been recorded yet are values: deduced by `auto` and by templates, kept, returned, shared.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/tape/record.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using doctest::Approx;

template <class T>
T hypotenuse(const T& a, const T& b) {
  return sqrt(a * a + b * b);
}

/// Works in a variable of the deduced type, as generic code does.
template <class T>
T polynomial(const T& a, const T& b) {
  T r = a;
  r = r * b;
  r += 1;
  r = r * r - a / b;
  r -= b;
  T s = 0, t{};
  s += r;
  t = s;
  if (t > 10000) t = T(0);
  r = 2 * t;
  return r / 2;
}
double polynomial_by_a(double a, double b) { return 2 * (a * b + 1) * b - 1 / b; }
double polynomial_by_b(double a, double b) { return 2 * (a * b + 1) * a + a / (b * b) - 1; }

template <class T>
T power(const T& x, int n) {
  T result = 1;
  for (int i = 0; i < n; ++i) result *= x;
  return result;
}
template <class T>
T recursive(const T& x, int n) {
  return n == 0 ? T(1) : T(x * recursive(x, n - 1));
}
template <class T>
void exchange(T& a, T& b) {
  using std::swap;
  swap(a, b);
}

struct Fixture {
  Tape tape;
  Number x = tape.variable(2), w = tape.variable(3);

  std::pair<double, double> slopes(const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    return {x.grad(), w.grad()};
  }
};

auto product_of_locals(const Number& x) {
  const Number twice = 2 * x;
  const auto sum = twice + x;
  return sum * twice;  // holds copies, so nothing dangles
}

template <class Sum, class Product>
struct Kept {
  Sum sum;
  Product product;
};
template <class Sum, class Product>
Kept(Sum, Product) -> Kept<Sum, Product>;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "auto keeps an expression, which may be used many times") {
  const auto a = x * w;
  const auto b = a + x;
  const auto c = a * b - b / a;
  CHECK(a.primal() == 6);
  CHECK(b.primal() == 8);
  CHECK(c.primal() == Approx(48 - 8.0 / 6));
  // a b - b / a, a = x w, b = x w + x: x^2 (w^2 + w) - 1 - 1 / w
  const auto [dx, dw] = slopes(c);
  CHECK(dx == Approx(2 * 2 * 12));
  CHECK(dw == Approx(4 * 7 + 1.0 / 9));
  const auto& reference = x * w;  // lives as long as the name
  CHECK(slopes(reference * reference) == std::pair(36.0, 24.0));
}

TEST_CASE_FIXTURE(Fixture, "an expression may be returned from the function whose variables it is made of") {
  CHECK(slopes(product_of_locals(x)) == std::pair(24.0, 0.0));
  const auto make = [](const Number& a) {
    const Number temporary = a * a;
    return temporary * temporary;
  };
  const auto y = make(x + 0.0);
  CHECK(slopes(y) == std::pair(32.0, 0.0));
}

TEST_CASE_FIXTURE(Fixture, "expressions live in structures, tuples, functions and containers") {
  const Kept kept{x + w, x * w};
  CHECK(slopes(kept.sum * kept.product) == std::pair(6.0 + 15, 6.0 * 1 + 10));
  const auto tuple = std::tuple(x * x, w * x * 2);
  CHECK(slopes(std::get<0>(tuple) + std::get<1>(tuple)) == std::pair(10.0, 4.0));
  const std::array row{x * 2, w * 4};
  CHECK(slopes(row[0] * row[1]) == std::pair(24.0, 16.0));
  std::vector<decltype(x * w)> products;
  for (int i = 0; i < 5; ++i) products.push_back(x * w);
  CHECK(slopes(products[4] + products[0]) == std::pair(6.0, 4.0));
  const auto later = [sum = x + w](const auto& factor) { return sum * factor; };
  CHECK(slopes(later(x)) == std::pair(7.0, 2.0));
  const std::function<Number(const Number&)> erased = later;
  CHECK(slopes(erased(x)) == std::pair(7.0, 2.0));
  const auto owned = std::make_unique<decltype(x * w)>(x * w);
  CHECK(slopes(*owned) == std::pair(3.0, 2.0));
}

TEST_CASE_FIXTURE(Fixture, "an expression of dropped variables is an error when it is recorded") {
  const auto here = tape.position();
  const Number gone = x * w;
  const auto kept = gone * gone;
  tape.rewind(here);
  const Number other = x + w;
  CHECK_THROWS_AS((void)Number(kept), duet::TapeError);
  CHECK(slopes(other) == std::pair(1.0, 1.0));
}

TEST_CASE_FIXTURE(Fixture, "forty levels of sharing compile, and are right") {
  // doubled forty times: 2^40 leaves if it were a tree
#define DUET_DOUBLE(next, last) const auto next = last + last;
  DUET_DOUBLE(a1, x)
  DUET_DOUBLE(a2, a1)
  DUET_DOUBLE(a3, a2)
  DUET_DOUBLE(a4, a3)
  DUET_DOUBLE(a5, a4)
  DUET_DOUBLE(a6, a5)
  DUET_DOUBLE(a7, a6)
  DUET_DOUBLE(a8, a7)
  DUET_DOUBLE(a9, a8)
  DUET_DOUBLE(a10, a9)
  DUET_DOUBLE(a11, a10)
  DUET_DOUBLE(a12, a11)
  DUET_DOUBLE(a13, a12)
  DUET_DOUBLE(a14, a13)
  DUET_DOUBLE(a15, a14)
  DUET_DOUBLE(a16, a15)
  DUET_DOUBLE(a17, a16)
  DUET_DOUBLE(a18, a17)
  DUET_DOUBLE(a19, a18)
  DUET_DOUBLE(a20, a19)
  DUET_DOUBLE(a21, a20)
  DUET_DOUBLE(a22, a21)
  DUET_DOUBLE(a23, a22)
  DUET_DOUBLE(a24, a23)
  DUET_DOUBLE(a25, a24)
  DUET_DOUBLE(a26, a25)
  DUET_DOUBLE(a27, a26)
  DUET_DOUBLE(a28, a27)
  DUET_DOUBLE(a29, a28)
  DUET_DOUBLE(a30, a29)
  DUET_DOUBLE(a31, a30)
  DUET_DOUBLE(a32, a31)
  DUET_DOUBLE(a33, a32)
  DUET_DOUBLE(a34, a33)
  DUET_DOUBLE(a35, a34)
  DUET_DOUBLE(a36, a35)
  DUET_DOUBLE(a37, a36)
  DUET_DOUBLE(a38, a37)
  DUET_DOUBLE(a39, a38)
  DUET_DOUBLE(a40, a39)
#undef DUET_DOUBLE
  CHECK(a40.primal() == std::exp2(41));
  CHECK(slopes(a40) == std::pair(std::exp2(40), 0.0));
  CHECK(tape.memory() < 100'000);
}

TEST_CASE_FIXTURE(Fixture, "a template whose type is deduced from an expression computes in it") {
  const auto [dx, dw] = slopes(hypotenuse(x * w, w * x));
  CHECK(dx == Approx(3 * std::sqrt(2)));
  CHECK(dw == Approx(2 * std::sqrt(2)));
  // by expressions of the same type: a = x w, b = w x
  const double a = 6, by_both = polynomial_by_a(a, a) + polynomial_by_b(a, a);
  const auto [px, pw] = slopes(polynomial(x * w, w * x));
  CHECK(px == Approx(by_both * 3));
  CHECK(pw == Approx(by_both * 2));
  // by variables
  const auto [vx, vw] = slopes(polynomial(x, w));
  CHECK(vx == Approx(polynomial_by_a(2, 3)));
  CHECK(vw == Approx(polynomial_by_b(2, 3)));
  CHECK(polynomial(x * w, w * x).primal() == Approx(polynomial(6.0, 6.0)));
  CHECK(slopes(power(x + w, 4)) == std::pair(500.0, 500.0));
  CHECK(slopes(power(sin(x), 3)).first == Approx(3 * std::sin(2) * std::sin(2) * std::cos(2)));
  CHECK(slopes(recursive(x + w, 4)) == std::pair(500.0, 500.0));
}

TEST_CASE_FIXTURE(Fixture, "an expression that stands in for a variable is one like any other") {
  auto a = x * w;
  a = x + w;  // another expression in the place of a product
  CHECK(a.primal() == 5);
  CHECK(slopes(a) == std::pair(1.0, 1.0));
  CHECK(slopes(a * a) == std::pair(10.0, 10.0));
  CHECK(slopes(sin(a) * x).second == Approx(std::cos(5) * 2));
  a = 4;  // a number
  CHECK(!a.is_recorded());
  CHECK(slopes(a * x) == std::pair(4.0, 0.0));
  CHECK(slopes(a) == std::pair(0.0, 0.0));
  a = x;  // a variable
  CHECK(slopes(a * w) == std::pair(3.0, 2.0));
  auto b = x * w;
  exchange(a, b);
  CHECK(slopes(a - b) == std::pair(2.0, 2.0));
  decltype(x * w) zero{};
  CHECK(zero.primal() == 0);
  CHECK(slopes(zero + x) == std::pair(1.0, 0.0));
  const auto copy = a;
  CHECK(slopes(copy) == std::pair(3.0, 2.0));
}

TEST_CASE_FIXTURE(Fixture, "a choice between an expression and a variable is a variable") {
  const auto magnitude = [](const auto& u) { return u < 0 ? -u : u; };
  const Number negative = -x;
  static_assert(std::same_as<decltype(magnitude(x)), Number>);
  CHECK(slopes(magnitude(negative)) == std::pair(1.0, 0.0));
  CHECK(slopes(magnitude(x)) == std::pair(1.0, 0.0));
  const std::optional<Number> maybe = x < w ? x * w : x;
  CHECK(slopes(*maybe) == std::pair(3.0, 2.0));
}

TEST_CASE_FIXTURE(Fixture, "long expressions are cut into several statements") {
  const auto a = x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w +
                 x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w + x * w;
  CHECK(a.primal() == 24 * 6);
  CHECK(slopes(a) == std::pair(72.0, 48.0));
  const Number y = fma(a, a, a);  // 3 x 24 operands
  CHECK(slopes(y) == std::pair((2 * 144 + 1) * 72.0, (2 * 144 + 1) * 48.0));
}
