// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Values and gradients on the dynamic tape: known numbers, accumulation, seeds, passive numbers, mixed operands.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <sstream>
#include <vector>

#include <duet/tape/record.hpp>

namespace {

using duet::operator""_c;
using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using doctest::Approx;

/// The gradient of `f` at `x`, by a tape of its own.
template <std::size_t N>
std::array<double, N> gradient(auto f, const std::array<double, N>& x) {
  Tape tape;
  std::array<Number, N> v;
  for (std::size_t i = 0; i < N; ++i) v[i] = tape.variable(x[i]);
  tape.backward(f(v));
  std::array<double, N> g;
  for (std::size_t i = 0; i < N; ++i) g[i] = v[i].grad();
  return g;
}

/// The same by central differences.
template <std::size_t N>
std::array<double, N> differences(auto f, const std::array<double, N>& x) {
  std::array<double, N> g;
  for (std::size_t i = 0; i < N; ++i) {
    std::array<long double, N> up, down;
    for (std::size_t k = 0; k < N; ++k) up[k] = down[k] = x[k];
    const long double h = 1e-5L;
    up[i] += h, down[i] -= h;
    g[i] = static_cast<double>((f(up) - f(down)) / (2 * h));
  }
  return g;
}

/// Loops and branches over the whole array, with all kinds of statements.
const auto winding = [](const auto& x) {
  using std::sin, std::exp, std::log, std::sqrt;
  auto sum = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    const auto& a = x[i - 1];
    const auto& b = x[i];
    if (a < b) {
      sum += a * b - b / (1 + a * a);
    } else {
      sum = sum * 0.5 + sin(a) * exp(-b * b);
    }
    if (sum > 2) sum = log(sum);
    sum += sqrt(1 + sum * sum) - 1;
    sum -= a * (sum / 3);
  }
  return sum;
};

}  // namespace

TEST_CASE("a value is that of the same computation on doubles") {
  const std::array<double, 6> x{0.3, -1.2, 2.5, 0.7, 0.1, 3};
  Tape tape;
  std::array<Number, 6> v;
  for (std::size_t i = 0; i < 6; ++i) v[i] = tape.variable(x[i]);
  CHECK(winding(v).primal() == winding(x));
}

TEST_CASE("gradients are the limits of differences, through loops and branches") {
  for (double shift : {-1.0, 0.0, 0.4, 2.0}) {
    std::array<double, 6> x{0.3, -1.2, 2.5, 0.7, 0.1, 3};
    for (double& one : x) one = std::cos(one + shift);
    const auto expected = differences(winding, x), g = gradient(winding, x);
    for (std::size_t i = 0; i < 6; ++i) CHECK(g[i] == Approx(expected[i]).epsilon(1e-8));
  }
}

TEST_CASE("one statement, however long, is one record") {
  Tape tape;
  const Number x = tape.variable(2), w = tape.variable(1);
  const Number warm = x * w;
  const std::size_t before = tape.memory();
  const Number one = x * w;
  const std::size_t record = tape.memory() - before;
  const Number y = (x + w) * (w + 1) - x * x * x / (w + 3) + x;
  CHECK(tape.memory() - before - record <= record + 8 * 12);
  tape.backward(y);
  CHECK(x.grad() == Approx(2 - 3 * 4.0 / 4 + 1));
  CHECK(w.grad() == Approx(2 + 3 + 8.0 / 16));
  CHECK(one.primal() == warm.primal());
}

TEST_CASE("sweeps accumulate in variables until zero_grad, and intermediates hold those of the last sweep") {
  Tape tape;
  const Number x = tape.variable(3);
  CHECK(x.grad() == 0);
  const Number between = x * x, y = between * x;
  CHECK(between.grad() == 0);
  tape.backward(y);
  CHECK(x.grad() == 27);
  CHECK(between.grad() == 3);
  CHECK(y.grad() == 1);
  tape.backward(y);
  CHECK(x.grad() == 54);
  CHECK(between.grad() == 3);
  tape.backward(between);
  CHECK(x.grad() == 60);
  CHECK(between.grad() == 1);
  CHECK(y.grad() == 0);
  tape.zero_grad();
  CHECK(x.grad() == 0);
  CHECK(between.grad() == 0);
  tape.backward(x);  // a variable is an output, too
  CHECK(x.grad() == 1);
}

TEST_CASE("variables and statements made after a sweep join the next one") {
  Tape tape;
  const Number x = tape.variable(2);
  Number y = x * x;
  tape.backward(y);
  const Number late = tape.variable(5);
  CHECK(late.grad() == 0);
  y = y * late;
  tape.backward(y);
  CHECK(x.grad() == 4 + 20);
  CHECK(late.grad() == 4);
}

TEST_CASE("several outputs are weighted by their seeds, and by ones without seeds") {
  Tape tape;
  const Number x = tape.variable(2), w = tape.variable(5);
  const std::vector<Number> y{x * w, sin(x), w};
  const std::vector<double> seeds{3, -1, 0.5};
  tape.backward(y, seeds);
  CHECK(x.grad() == Approx(15 - std::cos(2)));
  CHECK(w.grad() == Approx(6.5));
  tape.zero_grad();
  tape.backward(y, {});
  CHECK(x.grad() == Approx(5 + std::cos(2)));
  CHECK(w.grad() == 3);
  tape.zero_grad();
  const std::array<Number, 3> same{x, x, x};  // an output named several times counts each time
  tape.backward(same, std::array{1.0, 2.0, 3.0});
  CHECK(x.grad() == 6);
  tape.zero_grad();
  tape.backward(std::vector<Number>{}, std::vector<double>{});
  CHECK(x.grad() == 0);
}

TEST_CASE("a seed of zero, or an output without variables, adds nothing") {
  Tape tape;
  const Number x = tape.variable(0);
  const Number root = sqrt(x), passive = 3;
  tape.backward(std::array{root, passive}, std::array{0.0, 1.0});
  CHECK(x.grad() == 0);
  tape.backward(passive);
  CHECK(x.grad() == 0);
}

TEST_CASE("passive numbers are never recorded") {
  Tape tape;
  const Number x = tape.variable(2);
  const std::size_t before = tape.memory();
  Number a = 1, b = a + 2, c = sin(a) * b / 3;
  for (int i = 0; i < 100; ++i) c += b * i;
  a = c < b ? Number(a * b) : exp(-c * c);
  b = duet::stop_gradient(x) * a + floor(x);
  std::vector<Number> zeros(100);
  CHECK(tape.memory() == before);
  for (const Number& one : {a, b, c}) CHECK(!one.is_recorded());
  CHECK_THROWS_AS(a.grad(), duet::TapeError);
  const Number y = x * c;
  CHECK(y.is_recorded());
  CHECK(tape.memory() > before);
  tape.backward(y);
  CHECK(x.grad() == c.primal());
}

TEST_CASE("passive numbers need no tape") {
  Number x = 2;
  x = x * x + sin(x);
  x += 1;
  CHECK(x.primal() == Approx(5 + std::sin(2)));
  CHECK(Tape::active() == nullptr);
}

TEST_CASE("statements of passive numbers and variables in every place") {
  Tape tape;
  const Number x = tape.variable(2), w = tape.variable(3), p = 5, q = 7;
  const auto check = [&](const Number& y, double value, double dx, double dw) {
    tape.zero_grad();
    tape.backward(y);
    CHECK(y.primal() == Approx(value));
    CHECK(x.grad() == Approx(dx));
    CHECK(w.grad() == Approx(dw));
  };
  check(p * x, 10, 5, 0);
  check(x * p, 10, 5, 0);
  check(p * x + q * w, 31, 5, 7);
  check((p + q) * x, 24, 12, 0);
  check(x / p + p / w, 0.4 + 5.0 / 3, 0.2, -5.0 / 9);
  check(fma(p, x, w), 13, 5, 1);
  check(fma(x, p, q), 17, 5, 0);
  check(pow(x, p), 32, 80, 0);
  check(pow(p, x), 25, 25 * std::log(5), 0);
  check(atan2(x, p), std::atan2(2, 5), 5.0 / 29, 0);
  check(max(p, x) + min(q, w), 8, 0, 1);
  check(sin(p) * sin(x), std::sin(5) * std::sin(2), std::sin(5) * std::cos(2), 0);
}

TEST_CASE("in-place operations, also of a number with itself") {
  Tape tape;
  const Number x = tape.variable(2), w = tape.variable(3);
  Number y = x;
  y += w;  // 5
  y *= x;  // 10
  y -= 1;  // 9
  y /= w;  // 3
  y += x * w;
  y *= 2.5f;
  y -= 2_c;
  CHECK(y.primal() == Approx(20.5));
  tape.backward(y);  // 2.5 (((x + w) x - 1) / w + x w) - 2
  CHECK(x.grad() == Approx(2.5 * ((2 * 2 + 3) / 3.0 + 3)));
  CHECK(w.grad() == Approx(2.5 * (-3.0 / 9 + 2)));
  tape.zero_grad();
  Number z = x;
  z += z;
  z *= z;
  tape.backward(z);  // 4 x^2
  CHECK(x.grad() == 16);
  const Number same = z;
  z /= same;
  z -= 1 * z;
  tape.zero_grad();
  tape.backward(z);
  CHECK(z.primal() == 0);
  CHECK(x.grad() == 0);
}

TEST_CASE("plain numbers of any type stand beside variables") {
  Tape tape;
  const Number x = tape.variable(2);
  const auto slope = [&](const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    return x.grad();
  };
  CHECK(slope(3 * x) == 3);
  CHECK(slope(x * 3L) == 3);
  CHECK(slope(3u * x + 1ull) == 3);
  CHECK(slope(1.5f * x) == 1.5);
  CHECK(slope(x / 4) == 0.25);
  CHECK(slope(1 / x) == -0.25);
  CHECK(slope(2_c * x * x + 1_c) == 8);
  CHECK(slope(pow(x, 3)) == 12);
  CHECK(slope(pow(x, 2_c)) == 4);
  CHECK(slope(short{3} * x - true) == 3);
  CHECK(slope(x * 2.0L) == 2);
  CHECK(slope(-x) == -1);
  CHECK(slope(+x) == 1);
  const Number from_constant = 3_c, from_int = 3, from_float = 3.0f;
  CHECK(slope(from_constant * x + from_int * x + from_float * x) == 9);
}

TEST_CASE("comparisons look at values and give bool") {
  Tape tape;
  const Number x = tape.variable(2), w = tape.variable(3);
  static_assert(std::same_as<decltype(x < w), bool>);
  static_assert(std::same_as<decltype(x * w == 6), bool>);
  const std::size_t before = tape.memory();
  CHECK(x < w);
  CHECK(w > x);
  CHECK(x <= 2);
  CHECK(2 >= x);
  CHECK(x * w == 6);
  CHECK(x + 1 == w);
  CHECK(x != w);
  CHECK(!(x * x < w && w < x));
  CHECK(2.5f > x);
  CHECK(2_c == x);
  CHECK(tape.memory() == before);
}

TEST_CASE("numbers and statements can be printed and asked whether they are finite") {
  Tape tape;
  const Number x = tape.variable(2);
  std::ostringstream out;
  out << x << ' ' << x * x + 1;
  CHECK(out.str() == "2 5");
  const auto pole = 1 / (x - 2);
  CHECK(isinf(pole));
  CHECK(!isfinite(pole));
  CHECK(isnan(0 * pole));
  CHECK(isfinite(x));
  CHECK(std::numeric_limits<Number>::max() == std::numeric_limits<double>::max());
}

TEST_CASE("the branch that is not taken leaves nothing behind") {
  Tape tape;
  const Number x = tape.variable(0);
  const auto slope = [&](const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    return x.grad();
  };
  const std::size_t before = tape.memory();
  CHECK(slope(where(x > 0, sqrt(x), x)) == 1);
  CHECK(slope(x > 0 ? sqrt(x) : Number(x * 3)) == 3);
  CHECK(slope(duet::where(x > 0, 1, 2.5)) == 0);
  CHECK(slope(where(x >= 0, 2 * x, 0)) == 2);
  CHECK(tape.memory() < before + 300);
}
