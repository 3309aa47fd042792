// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A kernel is its function, as one record.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/kernel.hpp>

namespace {

using duet::DynamicTape;
using duet::kernel;
using duet::Var;

/// The records that `f` adds to the tape.
std::size_t records(const DynamicTape<double>& tape, auto f) {
  const std::size_t before = tape.position().records;
  f();
  return tape.position().records - before;
}

// Stored derivatives pay where they are dear, repetition where they are cheap; both are covered.
constexpr auto dear = [](auto x, auto y) { return log(x) * exp(y) + sin(x * y) / sqrt(x + y); };
constexpr auto cheap = [](auto x, auto y) { return x * y * y - 3 * x + y * (x - y) * (x + 2 * y); };
constexpr auto wide = [](const auto& p) {
  auto sum = p[0] * p[0];
  for (std::size_t i = 1; i < p.size(); ++i) sum += p[i] * p[i] + p[i - 1];
  return sum;
};
constexpr auto several = [](const auto& p, auto s) {
  using T = std::remove_cvref_t<decltype(p[0] * s)>;
  return std::tuple(std::array<T, 2>{p[0] * p[1] * s, exp(p[2]) - p[0]}, s * s);
};

template <class F>
void check_like_function(F f) {
  DynamicTape<double> tape;
  for (double a = 0.3; a < 3; a += 0.7) {
    for (double b = 0.2; b < 2; b += 0.6) {
      tape.clear();
      const Var<double> x = tape.variable(a), y = tape.variable(b);
      const Var<double> z = kernel(f)(x, y);
      const auto [value, gradient] = duet::value_and_grad(f)(a, b);
      tape.backward(z);
      CHECK(z.primal() == doctest::Approx(value).epsilon(1e-14));
      CHECK(x.grad() == doctest::Approx(std::get<0>(gradient)).epsilon(1e-13));
      CHECK(y.grad() == doctest::Approx(std::get<1>(gradient)).epsilon(1e-13));
    }
  }
}

}  // namespace

TEST_CASE("a kernel has the value and the gradient of its function, stored or repeated") {
  using Dear = duet::tape::Call<double, decltype(dear), Var<double>, Var<double>>;
  using Wide = duet::tape::Call<double, decltype(wide), std::array<Var<double>, 9>>;
  static_assert(duet::tape::KernelRecord<Dear, double>::stores_jacobian);
  static_assert(!duet::tape::KernelRecord<Wide, double>::stores_jacobian);
  check_like_function(dear);
  check_like_function(cheap);

  DynamicTape<double> tape;
  std::array<Var<double>, 9> p;
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = i == 4 ? Var<double>(3.0) : tape.variable(0.5 * i);
  const Var<double> z = kernel(wide)(p);
  tape.backward(z);
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (i != 4) CHECK(p[i].grad() == doctest::Approx(2 * p[i].primal() + (i < 8 ? 1 : 0)));
  }
}

TEST_CASE("called with numbers a kernel is its function") {
  CHECK(kernel(dear)(1.5, 0.5) == dear(1.5, 0.5));
  static_assert(kernel(cheap)(2.0, 3.0) == cheap(2.0, 3.0));
}

TEST_CASE("a call is one record, however many results it has") {
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(1.2), y = tape.variable(0.4);
  CHECK(records(tape, [&] { kernel(dear)(x, y); }) == 1);
  const std::array<Var<double>, 3> p{x, y, x};
  CHECK(records(tape, [&] { kernel(several)(p, y); }) == 1);
  CHECK(records(tape, [&] { kernel(several)(p, 2.0); }) == 1);
}

TEST_CASE("structures go in and come out, variables occur more than once") {
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(1.2), y = tape.variable(0.4), s = tape.variable(0.7);
  const auto [pair, square] = kernel(several)(std::array<Var<double>, 3>{x, y, x}, s);
  const Var<double> z = pair[0] * 2.0 + pair[1] * pair[1] + square;
  tape.backward(z);
  const double second = std::exp(1.2) - 1.2;
  CHECK(x.grad() == doctest::Approx(2 * 0.4 * 0.7 + 2 * second * (std::exp(1.2) - 1)).epsilon(1e-14));
  CHECK(y.grad() == doctest::Approx(2 * 1.2 * 0.7).epsilon(1e-14));
  CHECK(s.grad() == doctest::Approx(2 * 1.2 * 0.4 + 2 * 0.7).epsilon(1e-14));
}

TEST_CASE("passive arguments, of whatever type, take no part") {
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(1.2), passive = 0.4;
  for (const Var<double>& z : {kernel(cheap)(x, 0.4), kernel(cheap)(x, passive)}) {
    tape.zero_grad();
    tape.backward(z);
    CHECK(x.grad() == doctest::Approx(std::get<0>(duet::grad(cheap)(1.2, 0.4))).epsilon(1e-14));
  }
  for (const Var<double>& z : {kernel(dear)(x, 0.4), kernel(dear)(x, passive)}) {
    tape.zero_grad();
    tape.backward(z);
    CHECK(x.grad() == doctest::Approx(std::get<0>(duet::grad(dear)(1.2, 0.4))).epsilon(1e-14));
  }
  CHECK(records(tape, [&] { CHECK(!kernel(cheap)(passive, passive).is_recorded()); }) == 0);
  const auto power = kernel([](auto base, int times) {
    auto result = base;
    for (int i = 1; i < times; ++i) result = result * base;
    return result;
  });
  CHECK(power(2.0, 5) == 32);
}

TEST_CASE("an argument may be an expression, which is recorded first, or hold numbers beside variables") {
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(1.2), y = tape.variable(0.4);
  const auto slopes = [&](const Var<double>& z) {
    tape.zero_grad();
    tape.backward(z);
    return std::array{x.grad(), y.grad()};
  };
  Var<double> z, w;
  CHECK(records(tape, [&] { z = kernel(dear)(x * y, exp(x)); }) == 3);
  const auto expected = slopes(dear(x * y, exp(x)));
  CHECK(slopes(z)[0] == doctest::Approx(expected[0]).epsilon(1e-13));
  CHECK(slopes(z)[1] == doctest::Approx(expected[1]).epsilon(1e-13));

  constexpr auto of_pair = [](const auto& p, auto s) { return std::get<0>(p) * std::get<1>(p) * s; };
  CHECK(records(tape, [&] { w = kernel(of_pair)(std::tuple(x, 3.0), y); }) == 1);
  CHECK(slopes(w) == std::array{3 * 0.4, 3 * 1.2});
}

TEST_CASE("numbers of an inner tape are plain to an outer one's variables") {
  using Inner = Var<double>;
  DynamicTape<double> inner;
  const Inner a = inner.variable(1.2), b = inner.variable(0.4);
  DynamicTape<Inner> outer;
  const Var<Inner> x = outer.variable(a);
  const Var<Inner> z = kernel(dear)(x, b);
  outer.backward(z);
  const Inner slope = x.grad();  // with respect to x, as a function of a and b
  inner.backward(slope);
  const auto second = [](double p, double q) {
    return std::get<0>(duet::value_and_grad([](auto u, auto v) {
                         return exp(v) / u + v * cos(u * v) / sqrt(u + v) - 0.5 * sin(u * v) / pow(u + v, 1.5);
                       })(p, q)
                           .second);
  };
  CHECK(a.grad() == doctest::Approx(second(1.2, 0.4)).epsilon(1e-12));
  CHECK(b.grad() != 0);
}

TEST_CASE("what a function captured may change between calls") {
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(1.5);
  Var<double> sum = 0;
  for (double scale : {1.0, 2.0, 4.0}) {
    sum += kernel([scale](auto u) { return scale * u * u; })(x);
  }
  tape.backward(sum);
  CHECK(sum.primal() == doctest::Approx(7 * 1.5 * 1.5).epsilon(1e-15));
  CHECK(x.grad() == doctest::Approx(14 * 1.5).epsilon(1e-15));
}

TEST_CASE("kernels and statements mix, over many calls") {
  DynamicTape<double> tape;
  std::vector<Var<double>> x;
  for (int i = 0; i < 100; ++i) x.push_back(tape.variable(0.1 * i + 0.05));
  Var<double> with = 0, without = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    with += kernel(cheap)(x[i], x[i + 1]) * kernel(dear)(x[(7 * i) % 100], x[i]);
    const Var<double> a = cheap(x[i], x[i + 1]), b = dear(x[(7 * i) % 100], x[i]);
    without += a * b;
  }
  CHECK(with.primal() == doctest::Approx(without.primal()).epsilon(1e-12));
  tape.backward(with);
  std::vector<double> expected;
  for (const Var<double>& one : x) expected.push_back(one.grad());
  tape.zero_grad();
  tape.backward(without);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK(x[i].grad() == doctest::Approx(expected[i]).epsilon(1e-11));
}

TEST_CASE("second derivatives come from kernels of nested numbers") {
  constexpr auto check = [](const auto& f) {
    const auto hessian = duet::hessian(f)(1.3, 0.6);
    {
      using D = duet::Dual<double, 2>;
      DynamicTape<D> tape;
      const Var<D> x = tape.variable(D::variable(1.3, 0)), y = tape.variable(D::variable(0.6, 1));
      const Var<D> z = kernel(f)(x, y);
      tape.backward(z);
      for (int i = 0; i < 2; ++i) {
        CHECK(x.grad().tangent(i) == doctest::Approx(hessian(0, std::size_t(i))).epsilon(1e-12));
        CHECK(y.grad().tangent(i) == doctest::Approx(hessian(1, std::size_t(i))).epsilon(1e-12));
      }
    }
    {
      DynamicTape<double> outer;
      const Var<double> a = outer.variable(1.3), b = outer.variable(0.6);
      DynamicTape<Var<double>> inner;
      const Var<Var<double>> x = inner.variable(a), y = inner.variable(b);
      const Var<Var<double>> z = kernel(f)(x, y);
      inner.backward(z);
      outer.backward(x.grad());
      CHECK(a.grad() == doctest::Approx(hessian(0, 0)).epsilon(1e-12));
      CHECK(b.grad() == doctest::Approx(hessian(0, 1)).epsilon(1e-12));
    }
  };
  check(cheap);
  check(dear);
}

TEST_CASE("a variable that is not of the tape is refused") {
  Var<double> stale;
  {
    DynamicTape<double> tape;
    stale = tape.variable(1.0);
  }
  CHECK_THROWS_AS(kernel(cheap)(stale, 2.0), duet::TapeError);
  DynamicTape<double> tape;
  const Var<double> x = tape.variable(2.0);
  CHECK_THROWS_AS(kernel(cheap)(stale, x), duet::TapeError);
  CHECK_THROWS_AS(kernel(dear)(x, stale), duet::TapeError);
  tape.backward(kernel(cheap)(x, x));
  CHECK(x.grad() == doctest::Approx(duet::derivative([](auto u) { return cheap(u, u); })(2.0)).epsilon(1e-14));
}
