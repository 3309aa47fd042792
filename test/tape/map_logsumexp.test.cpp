// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The logarithm of a sum of exponentials, whatever the numbers are.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/map.hpp>

namespace {

using duet::DynamicTape;
using duet::each;
using duet::map_logsumexp;
using duet::Var;
using duet::Variables;

constexpr auto self = [](auto x) { return x; };
constexpr double infinity = std::numeric_limits<double>::infinity();

/// By its definition, in long doubles, shifted by the greatest number.
long double expected(const std::vector<double>& x) {
  long double greatest = x[0], sum = 0;
  for (double one : x) greatest = std::max<long double>(greatest, one);
  for (double one : x) sum += std::exp(one - greatest);
  return std::log(sum) + greatest;
}

void check(const std::vector<double>& x) {
  const long double s = expected(x);
  CHECK(map_logsumexp(self, each(x)) == doctest::Approx(static_cast<double>(s)).epsilon(1e-13));
  DynamicTape<double> tape;
  const Variables<double> row = tape.variables(x);
  const Var<double> y = map_logsumexp(self, each(row));
  CHECK(y.primal() == doctest::Approx(static_cast<double>(s)).epsilon(1e-13));
  tape.backward(y);
  const std::vector<double> g = row.grad();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double softmax = static_cast<double>(std::exp(x[i] - s));
    const double rounding = 1e-15 * (10 + std::abs(x[i]) + std::abs(y.primal()));  // of x - y, which is large
    CHECK(std::abs(g[i] - softmax) <= rounding * softmax + 1e-300);
  }
}

}  // namespace

TEST_CASE("for numbers in any order and of any size") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(-1, 1);
  for (std::size_t count : {1, 2, 3, 4, 5, 8, 31, 132, 133, 400}) {
    CAPTURE(count);
    for (const double scale : {0.1, 5.0, 100.0, 1e4}) {
      for (const double shift : {0.0, 1e3, -1e5}) {
        std::vector<double> x;
        for (std::size_t i = 0; i < count; ++i) x.push_back(shift + scale * unit(random));
        check(x);
        std::sort(x.begin(), x.end());
        check(x);
        std::reverse(x.begin(), x.end());
        check(x);
      }
    }
  }
}

TEST_CASE("it is one record, which takes no memory per element") {
  DynamicTape<double> tape;
  const Variables<double> x = tape.variables(10000, 0.5);
  const std::size_t records = tape.position().records, bytes = tape.memory();
  const Var<double> y = map_logsumexp(self, each(x));
  CHECK(tape.position().records == records + 1);
  CHECK(tape.memory() - bytes <= 200);
  CHECK(y.primal() == doctest::Approx(0.5 + std::log(10000.0)).epsilon(1e-14));
}

TEST_CASE("of a function of variables and plain numbers, with what elements share") {
  const auto f = [](auto x, auto c, auto a) { return std::tuple(a * x * x - c, sin(a) * x); };
  DynamicTape<double> tape;
  std::vector<Var<double>> x;
  std::vector<double> c;
  for (int i = 0; i < 45; ++i) {
    x.push_back(tape.variable(std::fmod(0.37 * i, 3.0)));
    c.push_back(std::fmod(0.61 * i, 2.0));
  }
  const Var<double> a = tape.variable(1.7);
  const auto [first, second] = map_logsumexp(f, each(x), each(c), a);
  Var<double> sum_first = 0, sum_second = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_first += exp(a * x[i] * x[i] - c[i]);
    sum_second += exp(sin(a) * x[i]);
  }
  const auto derivatives = [&](const Var<double>& y) {
    tape.zero_grad();
    tape.backward(y);
    std::vector<double> result{a.grad()};
    for (const Var<double>& one : x) result.push_back(one.grad());
    return result;
  };
  const std::vector<double> got = derivatives(first * second), wanted = derivatives(log(sum_first) * log(sum_second));
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-12));
}

TEST_CASE("infinite numbers, no numbers, and what is none") {
  CHECK(map_logsumexp(self, each(std::vector<double>{})) == -infinity);
  CHECK(map_logsumexp(self, each(std::vector<double>(6, -infinity))) == -infinity);
  for (std::size_t place = 0; place < 9; ++place) {
    std::vector<double> x(9, 1.0);
    x[place] = infinity;
    CHECK(map_logsumexp(self, each(x)) == infinity);
    x[place] = std::nan("");
    CHECK(std::isnan(map_logsumexp(self, each(x))));
    x[place] = -infinity;
    CHECK(map_logsumexp(self, each(x)) == doctest::Approx(1 + std::log(8.0)).epsilon(1e-14));
    x[place] = 1e300;
    CHECK(map_logsumexp(self, each(x)) == 1e300);
    x[place] = -1e300;
    CHECK(map_logsumexp(self, each(x)) == doctest::Approx(1 + std::log(8.0)).epsilon(1e-14));
  }
}

TEST_CASE("second derivatives, and floats") {
  using D = duet::Dual<double>;
  DynamicTape<D> tape;
  std::vector<Var<D>> x;
  for (int i = 0; i < 5; ++i) x.push_back(tape.variable(D(0.4 * i, i == 2 ? 1.0 : 0.0)));
  tape.backward(map_logsumexp(self, each(x)));
  double sum = 0;
  for (int i = 0; i < 5; ++i) sum += std::exp(0.4 * i);
  const double p2 = std::exp(0.8) / sum;
  for (std::size_t i = 0; i < 5; ++i) {
    const double p = std::exp(0.4 * static_cast<double>(i)) / sum;
    CHECK(x[i].grad().primal() == doctest::Approx(p).epsilon(1e-14));
    CHECK(x[i].grad().tangent() == doctest::Approx(p * ((i == 2 ? 1.0 : 0.0) - p2)).epsilon(1e-13));
  }
  const std::vector<float> high(10, 1e5f);
  CHECK(map_logsumexp(self, each(high)) == doctest::Approx(1e5 + std::log(10.0)).epsilon(1e-6));
}
