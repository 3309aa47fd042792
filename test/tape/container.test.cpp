// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Variables are values like doubles: in containers, in the standard algorithms, in generic code that branches.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <map>
#include <numeric>
#include <type_traits>
#include <vector>

#include <duet/tape/record.hpp>

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
using doctest::Approx;

struct Fixture {
  Tape tape;
  std::vector<Number> x;

  Fixture() {
    for (double value : {3.0, -1.0, 4.0, 1.0, -5.0, 9.0}) x.push_back(tape.variable(value));
  }

  std::vector<double> slopes(const Number& y) {
    tape.zero_grad();
    tape.backward(y);
    std::vector<double> g;
    for (const Number& one : x) g.push_back(one.grad());
    return g;
  }
};
using Slopes = std::vector<double>;

/// The determinant by elimination with pivots, in place.
template <class T>
T determinant(std::vector<std::vector<T>> a) {
  T result = 1;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const auto pivot = std::max_element(a.begin() + static_cast<std::ptrdiff_t>(k), a.end(), [k](auto& p, auto& q) {
      using std::abs;
      return abs(p[k]) < abs(q[k]);
    });
    if (pivot != a.begin() + static_cast<std::ptrdiff_t>(k)) {
      std::swap(*pivot, a[k]);
      result = -result;
    }
    result *= a[k][k];
    for (std::size_t i = k + 1; i < a.size(); ++i) {
      const T factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < a.size(); ++j) a[i][j] -= factor * a[k][j];
    }
  }
  return result;
}

/// A bisection that stops when it is close enough, and a step of Newton's method on the result.
template <class T>
T cube_root(const T& a) {
  T low = 0, high = a < 1 ? T(1) : a;
  while (high - low > 1e-8) {
    const T middle = (low + high) / 2;
    (middle * middle * middle < a ? low : high) = middle;
  }
  const T start = duet::stop_gradient(low);
  return start - (start * start * start - a) / (3 * start * start);
}

}  // namespace

static_assert(std::is_trivially_copyable_v<Number>);
static_assert(sizeof(Number) == 16);
static_assert(std::is_default_constructible_v<Number>);
static_assert(std::is_same_v<std::common_type_t<Number, double>, Number>);
static_assert(std::is_same_v<std::common_type_t<int, Number>, Number>);

TEST_CASE_FIXTURE(Fixture, "sums and products by std::accumulate, std::inner_product and std::partial_sum") {
  CHECK(slopes(std::accumulate(x.begin(), x.end(), Number(0))) == Slopes(6, 1));
  const Number product = std::accumulate(x.begin(), x.end(), Number(1), std::multiplies<>());
  const Slopes g = slopes(product);
  for (std::size_t i = 0; i < 6; ++i) CHECK(g[i] == Approx(product.primal() / x[i].primal()));
  CHECK(slopes(std::inner_product(x.begin(), x.end(), x.begin(), Number(0))) == Slopes{6, -2, 8, 2, -10, 18});
  std::vector<Number> sums(6);
  std::partial_sum(x.begin(), x.end(), sums.begin());
  CHECK(slopes(sums[3]) == Slopes{1, 1, 1, 1, 0, 0});
  std::vector<Number> differences(6);
  std::adjacent_difference(x.begin(), x.end(), differences.begin());
  CHECK(slopes(differences[2]) == Slopes{0, -1, 1, 0, 0, 0});
  std::transform(x.begin(), x.end(), x.begin(), sums.begin(), [](const auto& a, const auto& b) { return a * b; });
  CHECK(slopes(sums[4]) == Slopes{0, 0, 0, 0, -10, 0});
}

TEST_CASE_FIXTURE(Fixture, "choices by comparison: std::max, std::min, sort, clamp, minmax, search") {
  CHECK(slopes(std::max(x[0], x[2])) == Slopes{0, 0, 1, 0, 0, 0});
  CHECK(slopes(std::min({x[0], x[1], x[2]})) == Slopes{0, 1, 0, 0, 0, 0});
  CHECK(slopes(std::clamp(x[2], x[3], x[0])) == Slopes{1, 0, 0, 0, 0, 0});
  CHECK(slopes(*std::max_element(x.begin(), x.end())) == Slopes{0, 0, 0, 0, 0, 1});
  const std::size_t before = tape.memory();
  std::vector<Number> sorted = x;
  std::sort(sorted.begin(), sorted.end());
  CHECK(std::is_sorted(sorted.begin(), sorted.end()));
  CHECK(tape.memory() == before);  // moving numbers about records nothing
  CHECK(slopes(sorted[0] * sorted[3]) == Slopes{-5, 0, 0, 0, 3, 0});
  std::nth_element(sorted.begin(), sorted.begin() + 2, sorted.end(), std::greater<>());
  CHECK(slopes(sorted[2]) == Slopes{1, 0, 0, 0, 0, 0});
  CHECK(slopes(*std::lower_bound(x.begin(), x.begin() + 1, 2.5)) == Slopes{1, 0, 0, 0, 0, 0});
  CHECK(std::count_if(x.begin(), x.end(), [](const auto& one) { return one > 0; }) == 4);
  std::map<Number, int> places;
  for (int i = 0; i < 6; ++i) places[x[static_cast<std::size_t>(i)]] = i;
  CHECK(places.begin()->second == 4);
}

TEST_CASE_FIXTURE(Fixture, "the functions of namespace duet for max and min share a tie") {
  using std::max, std::min;
  const Number a = x[0] * 1, b = x[0] + 0;
  CHECK(slopes(max(a, b))[0] == 1);
  CHECK(slopes(max(x[0], x[1] + 4)) == Slopes{0.5, 0.5, 0, 0, 0, 0});
  CHECK(slopes(min(x[0], 3)) == Slopes{0.5, 0, 0, 0, 0, 0});
}

TEST_CASE_FIXTURE(Fixture, "containers grow, shrink, and give up their elements") {
  std::vector<Number> v;
  for (int i = 0; i < 100; ++i) v.push_back(x[0] * i);
  v.erase(v.begin(), v.begin() + 90);
  v.insert(v.begin(), x[1]);
  v.resize(20);  // zeros
  CHECK(!v.back().is_recorded());
  CHECK(slopes(std::accumulate(v.begin(), v.end(), Number(0))) == Slopes{945, 1, 0, 0, 0, 0});
  std::rotate(v.begin(), v.begin() + 1, v.end());
  CHECK(slopes(v.back()) == Slopes{0, 1, 0, 0, 0, 0});
}

TEST_CASE_FIXTURE(Fixture, "algorithms that branch on values: elimination with pivots, bisection") {
  const auto matrix = [](const auto& v) {
    using T = std::remove_cvref_t<decltype(v[0])>;
    return std::vector<std::vector<T>>{{v[0], v[1], v[2]}, {v[3], v[4], v[5]}, {v[2], v[0], v[3]}};
  };
  const std::vector<double> values{3, -1, 4, 1, -5, 9};
  const Number d = determinant(matrix(x));
  CHECK(d.primal() == Approx(determinant(matrix(values))));
  const Slopes g = slopes(d);
  for (std::size_t i = 0; i < 6; ++i) {
    auto up = values, down = values;
    up[i] += 1e-5, down[i] -= 1e-5;
    CHECK(g[i] == Approx((determinant(matrix(up)) - determinant(matrix(down))) / 2e-5).epsilon(1e-7));
  }
  const Number root = cube_root(x[5]);
  CHECK(root.primal() == Approx(std::cbrt(9)));
  CHECK(slopes(root)[5] == Approx(std::cbrt(9) / 27));
}

TEST_CASE_FIXTURE(Fixture, "recursion and data-dependent loops") {
  const auto fibonacci = [](const auto& self, const Number& a, const Number& b, int n) -> Number {
    return n == 0 ? a : self(self, b, a + b, n - 1);
  };
  CHECK(slopes(fibonacci(fibonacci, x[0], x[1], 10)) == Slopes{34, 55, 0, 0, 0, 0});
  Number y = x[3];
  int steps = 0;
  for (; y < 1000; ++steps) y = y * 2 + x[0];
  CHECK(steps == 8);
  CHECK(slopes(y)[3] == 256);
  CHECK(slopes(y)[0] == 255);
}
