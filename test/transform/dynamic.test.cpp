// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Transforms of functions of structures whose size is only known at run time.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>
#include <duet/tape/external.hpp>
#include <duet/tape/kernel.hpp>

namespace {

using duet::DynamicTape, duet::Forward, duet::wrt;
using std::array, std::tuple, std::pair, std::vector;

template <class V>
using number = std::remove_cvref_t<decltype(*std::declval<const V&>().begin())>;

/// Numbers 1/n, 2/n, ..., 1.
vector<double> ramp(std::size_t n) {
  vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = double(i + 1) / double(n);
  return x;
}
double dot(const vector<double>& x, const vector<double>& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}
template <class M, class N>
double difference(const M& a, const N& b) {
  REQUIRE(a.rows() == b.rows());
  REQUIRE(a.cols() == b.cols());
  double most = 0;
  for (std::size_t i = 0; i < a.rows() * a.cols(); ++i) most = std::max(most, std::abs(a.data()[i] - b.data()[i]));
  return most;
}

/// sum_i sin(x_i) x_{i-1}
constexpr auto chain = [](const auto& x) {
  number<decltype(x)> sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) sum += sin(x[i]) * x[i - 1];
  return sum;
};
vector<double> slopes_of_chain(const vector<double>& x) {
  vector<double> d(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (i > 0) d[i] += std::cos(x[i]) * x[i - 1];
    if (i + 1 < x.size()) d[i] += std::sin(x[i + 1]);
  }
  return d;
}

/// As many outputs as asked for, each of all inputs.
struct Mixer {
  std::size_t outputs;
  template <class V>
  auto operator()(const V& x) const {
    vector<number<V>> y(outputs);
    for (std::size_t i = 0; i < outputs; ++i) {
      for (std::size_t k = 0; k < x.size(); ++k) y[i] += exp(x[k] * (0.1 * double(i))) * x[(i + k) % x.size()];
    }
    return y;
  }
};

}  // namespace

TEST_CASE_TEMPLATE("the gradient of a function of a vector is a vector", P, DynamicTape<>, Forward) {
  for (std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{17}, std::size_t{40}}) {
    const auto x = ramp(n);
    const auto expected = slopes_of_chain(x);
    const vector<double> g = duet::grad<P>(chain)(x);
    REQUIRE(g.size() == n);
    for (std::size_t i = 0; i < n; ++i) CHECK(g[i] == doctest::Approx(expected[i]).epsilon(1e-14));
    CHECK(duet::value_and_grad<P>(chain)(x) == pair(chain(x), g));
    CHECK(duet::grad(chain)(x) == duet::grad<DynamicTape>(chain)(x));
  }
}

TEST_CASE("there may be very many inputs, again and again") {
  const auto x = ramp(100000);
  const auto expected = slopes_of_chain(x);
  for (int round = 0; round < 3; ++round) {
    const auto g = duet::grad(chain)(x);
    CHECK(std::equal(g.begin(), g.end(), expected.begin(), [](double a, double b) { return std::abs(a - b) < 1e-14; }));
  }
}

TEST_CASE_TEMPLATE("an empty vector has an empty gradient", P, DynamicTape<>, Forward) {
  CHECK(duet::grad<P>(chain)(vector<double>{}).empty());
  const auto j = duet::jacobian<P>(Mixer{0})(vector<double>{});
  CHECK(j.rows() == 0);
  CHECK(j.cols() == 0);
}

TEST_CASE_TEMPLATE("gradients have the structure of the arguments, and wrt selects among them", P, DynamicTape<>,
                   Forward) {
  const auto f = [](const auto& a, const auto& rows, const auto& p) {
    const auto squares = [](const auto& row) {
      number<decltype(row)> sum = 0;
      for (const auto& x : row) sum += x * x;
      return sum;
    };
    return a * p.first + (squares(rows[0]) + squares(rows[1]) + squares(rows[2])) * p.second[0];
  };
  const vector<vector<double>> rows{{1, 2}, {}, {3}};
  const auto point = tuple(2.0, rows, pair(5.0, array{6.0}));
  const tuple expected(5.0, vector<vector<double>>{{12, 24}, {}, {36}}, pair(2.0, array{14.0}));
  CHECK(std::apply(duet::grad<P>(f), point) == expected);
  CHECK(std::apply(duet::grad<P>(f, wrt<1>), point) == std::get<1>(expected));
  CHECK(std::apply(duet::grad<P>(f, wrt<0, 2>), point) == tuple(5.0, pair(2.0, array{14.0})));
}

TEST_CASE("a vector that is a parameter leaves the static tape the policy of fixed sizes") {
  const auto f = [](const auto& x, const vector<double>& data) { return x * data[0] + x * x * data[1]; };
  CHECK(duet::grad(f, wrt<0>)(3.0, vector{1.0, 2.0}) == 13);
  CHECK(duet::grad<DynamicTape>(f, wrt<0>)(3.0, vector{1.0, 2.0}) == 13);
}

TEST_CASE("Jacobians of any shape are the same in all modes") {
  for (std::size_t rows : {1, 2, 7, 20}) {
    for (std::size_t columns : {1, 3, 8, 19}) {
      CAPTURE(rows);
      CAPTURE(columns);
      const Mixer f{rows};
      const auto x = ramp(columns);
      const auto j = duet::jacobian<DynamicTape>(f)(x);
      CHECK(j.rows() == rows);
      CHECK(j.cols() == columns);
      for (std::size_t k = 0; k < columns; ++k) CHECK(j.data()[k] == j(0, k));
      const auto expected = duet::jacfwd<Forward>(f)(x);
      CHECK(difference(j, expected) < 1e-14);
      CHECK(difference(duet::jacfwd<DynamicTape>(f)(x), expected) < 1e-14);
      CHECK(difference(duet::jacrev<DynamicTape>(f)(x), expected) < 1e-14);
      const auto [value, same] = duet::value_and_jacobian(f)(x);
      CHECK(value == f(x));
      CHECK(same == j);
    }
  }
}

TEST_CASE("a Jacobian has rows for outputs that are inputs, constants, or the same as others") {
  const auto f = [](const auto& x) {
    using T = number<decltype(x)>;
    const T product = x[0] * x[1];
    return vector<T>{x[1], T(3), product, product, x[1], sqrt(x[2])};
  };
  const vector x{2.0, 5.0, 0.0};
  const auto expected = duet::jacobian<Forward>(f)(x);
  CHECK(expected(5, 2) == HUGE_VAL);
  CHECK(expected(2, 0) == 5);
  CHECK(duet::jacrev<DynamicTape>(f)(x) == expected);
  CHECK(duet::jacfwd<DynamicTape>(f)(x) == expected);
}

TEST_CASE("kernels, and records that nobody can look into, have Jacobians, too") {
  const auto polar = duet::kernel([](const auto& r, const auto& phi) { return tuple(r * cos(phi), r * sin(phi), r); });
  const auto with_kernels = [&polar](const auto& x) {
    using T = number<decltype(x)>;
    vector<T> y;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
      const auto [a, b, c] = polar(x[i], x[i + 1]);
      y.push_back(a * b);
      y.push_back(c);
    }
    return y;
  };
  const auto x = ramp(11);
  const auto expected = duet::jacobian<Forward>(with_kernels)(x);
  CHECK(difference(duet::jacfwd<DynamicTape>(with_kernels)(x), expected) < 1e-14);
  CHECK(difference(duet::jacrev<DynamicTape>(with_kernels)(x), expected) < 1e-14);

  const auto swapped = [](const vector<duet::Var<double>>& v) {
    const array values{v[1].primal(), v[0].primal()};
    return duet::tape::record_external(std::span<const duet::Var<double>>(v), std::span<const double>(values),
                                       [](std::span<const double> w, std::span<double> d) {
                                         d[0] += w[1];
                                         d[1] += w[0];
                                       });
  };
  const auto j = duet::jacobian<DynamicTape>(swapped)(vector{3.0, 4.0});
  CHECK(j(0, 0) == 0);
  CHECK(j(0, 1) == 1);
  CHECK(j(1, 0) == 1);
  CHECK(duet::jacfwd<DynamicTape>(swapped)(vector{3.0, 4.0}) == j);
}

TEST_CASE_TEMPLATE("a result of run-time size may come from arguments of fixed size", P, DynamicTape<>, Forward) {
  const auto powers = []<class T>(const T& x) {
    vector<T> y(4, T(1));
    for (std::size_t i = 1; i < y.size(); ++i) y[i] = y[i - 1] * x;
    return y;
  };
  const auto j = duet::jacobian<P>(powers)(2.0);
  CHECK(j.cols() == 1);
  for (std::size_t i = 0; i < 4; ++i) CHECK(j(i, 0) == array{0.0, 1.0, 4.0, 12.0}[i]);
  CHECK(duet::derivative<1, P>(powers)(2.0) == vector{0.0, 1.0, 4.0, 12.0});
  CHECK(duet::derivative<2, P>(powers)(2.0) == vector{0.0, 0.0, 2.0, 12.0});
  CHECK(duet::jvp<P>(powers, 2.0, 3.0) == pair(vector{1.0, 2.0, 4.0, 8.0}, vector{0.0, 3.0, 12.0, 36.0}));
  CHECK(duet::vjp<P>(powers, 2.0).second(vector{1.0, 1.0, 0.0, 2.0}) == 25);
}

TEST_CASE_TEMPLATE("<J v, w> = <v, J' w>, and both are products with the matrix", P, DynamicTape<>, Forward) {
  const Mixer f{5};
  const auto x = ramp(12), v = duet::grad(chain)(x), w = ramp(5);
  const auto [value, pushed] = duet::jvp<P>(f, x, v);
  const auto [same, pullback] = duet::vjp<P>(f, x);
  const auto pulled = pullback(w);
  CHECK(value == f(x));
  CHECK(same == value);
  CHECK(dot(pushed, w) == doctest::Approx(dot(v, pulled)).epsilon(1e-14));
  CHECK(duet::linearize<P>(f, x).first == value);
  CHECK(duet::linearize<P>(f, x).second(v) == pushed);
  const auto j = duet::jacobian<P>(f)(x);
  for (std::size_t i = 0; i < 5; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 12; ++k) sum += j(i, k) * v[k];
    CHECK(pushed[i] == doctest::Approx(sum).epsilon(1e-14));
  }
}

TEST_CASE("a pullback is called many times without running the function again, also after it was copied") {
  int runs = 0;
  const auto f = [&runs](const auto& x, const auto& y) {
    ++runs;
    return tuple(x[0] * y, vector{x[1] * x[0], y * y});
  };
  auto [value, pullback] = duet::vjp<DynamicTape>(f, tuple(vector{2.0, 3.0}, 5.0));
  CHECK(value == tuple(10.0, vector{6.0, 25.0}));
  const auto copy = pullback;
  for (int round = 0; round < 3; ++round) {
    CHECK(pullback(tuple(1.0, vector{0.0, 0.0})) == tuple(vector{5.0, 0.0}, 2.0));
    CHECK(copy(tuple(0.0, vector{1.0, 1.0})) == tuple(vector{3.0, 2.0}, 10.0));
    CHECK(duet::grad(chain)(ramp(9)) == duet::grad(chain)(ramp(9)));  // other recordings in between
  }
  CHECK(runs == 1);
  CHECK(DynamicTape<>::active() == nullptr);
}

TEST_CASE_TEMPLATE("Hessians are symmetric, and hvp and vhp are products with them", P, DynamicTape<>, Forward) {
  for (std::size_t n : {std::size_t{3}, std::size_t{16}, std::size_t{21}}) {
    const auto x = ramp(n), v = duet::grad(chain)(x);
    const auto h = duet::hessian<P>(chain)(x);
    const auto product = duet::hvp<P>(chain, x, v), other = duet::vhp<P>(chain, x, v);
    for (std::size_t i = 0; i < n; ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) {
        CHECK(h(i, k) == h(k, i));
        const double second = i == k ? (i > 0 ? -std::sin(x[i]) * x[i - 1] : 0.0)
                                     : (i + 1 == k || k + 1 == i ? std::cos(x[std::max(i, k)]) : 0.0);
        CHECK(h(i, k) == doctest::Approx(second).epsilon(1e-14));
        sum += h(i, k) * v[k];
      }
      CHECK(product[i] == doctest::Approx(sum).epsilon(1e-14));
      CHECK(other[i] == doctest::Approx(sum).epsilon(1e-14));
    }
  }
  CHECK(duet::hessian(chain)(ramp(5)) == duet::hessian<DynamicTape>(chain)(ramp(5)));
  CHECK(duet::hvp(chain, ramp(5), ramp(5)) == duet::hvp<DynamicTape>(chain, ramp(5), ramp(5)));
}

namespace {

/// x^n by repeated squaring, recursively.
template <class T>
T power(const T& x, int n) {
  if (n == 0) return T(1);
  const T half = power(x, n / 2);
  return n % 2 ? T(half * half * x) : T(half * half);
}

}  // namespace

TEST_CASE("the course of the function may depend on its values") {
  const auto root = [](const auto& a) {  // Newton's method
    auto x = a * 1;
    std::remove_cvref_t<decltype(a)> y = x;
    while (abs(y * y - a) > 1e-15 * a) y = (y + a / y) / 2;
    return y;
  };
  CHECK(duet::derivative<1, DynamicTape>(root)(2.0) == doctest::Approx(0.5 / std::sqrt(2.0)));
  CHECK(duet::grad<DynamicTape>(root)(2.0) == doctest::Approx(0.5 / std::sqrt(2.0)));
  CHECK(duet::grad<DynamicTape>([](const auto& x) { return power(x, 13); })(1.5) ==
        doctest::Approx(13 * std::pow(1.5, 12)));
  const auto positive = [](const auto& x) {
    number<decltype(x)> sum = 0;
    for (const auto& each : x) {
      if (each > 0) sum += each * each;
    }
    return sum;
  };
  CHECK(duet::grad(positive)(vector{1.0, -2.0, 3.0}) == vector{2.0, 0.0, 6.0});
}

TEST_CASE("an exception of the function leaves all usable") {
  const auto f = [](const auto& x) {
    const number<decltype(x)> y = x[0] * x[0];
    if (y > 1) throw std::domain_error("too large");
    return y;
  };
  DynamicTape<double> outer;
  const auto a = outer.variable(3.0);
  const duet::Var<double> b = a * a;
  CHECK_THROWS_AS(duet::grad(f)(vector{2.0}), std::domain_error);
  CHECK_THROWS_AS(duet::vjp<DynamicTape>(f, vector{2.0}), std::domain_error);
  CHECK_THROWS_AS(duet::jacobian<DynamicTape>(f)(vector{2.0}), std::domain_error);
  CHECK_THROWS_AS(duet::hessian<DynamicTape>(f)(vector{2.0}), std::domain_error);
  CHECK(DynamicTape<double>::active() == &outer);
  CHECK(duet::grad(f)(vector{0.5}) == vector{1.0});
  const duet::Var<double> c = a * b;
  outer.backward(c);
  CHECK(a.grad() == 27);
}

TEST_CASE("sizes that don't fit are a ShapeError") {
  const Mixer f{3};
  CHECK_THROWS_AS(duet::jvp<DynamicTape>(f, ramp(4), ramp(3)), duet::ShapeError);
  CHECK_THROWS_AS(duet::hvp(chain, ramp(4), ramp(5)), duet::ShapeError);
  CHECK_THROWS_AS(duet::vjp<DynamicTape>(f, ramp(4)).second(ramp(4)), duet::ShapeError);
  CHECK_THROWS_AS(duet::vjp<Forward>(f, ramp(4)).second(ramp(4)), duet::ShapeError);
}

TEST_CASE("transforms are recorded by a tape around them") {
  DynamicTape<double> tape;
  vector<duet::Var<double>> x{tape.variable(0.5), tape.variable(1.5)};
  const auto g = duet::grad(chain)(x);  // {sin x1, cos x1 x0}
  const duet::Var<double> y = g[0] + g[1];
  tape.backward(y);
  CHECK(x[0].grad() == doctest::Approx(std::cos(1.5)));
  CHECK(x[1].grad() == doctest::Approx(std::cos(1.5) - std::sin(1.5) * 0.5));
  const auto [value, pullback] = duet::vjp<DynamicTape>(chain, x);
  tape.zero_grad();
  tape.backward(pullback(duet::Var<double>(1))[0]);
  CHECK(x[1].grad() == doctest::Approx(std::cos(1.5)));
}

TEST_CASE("what an inner derivative captures must not be of the suspended tape") {
  const auto f = [](const auto& x) { return x * duet::grad<DynamicTape>([&x](const auto& y) { return x + y; })(1.0); };
  CHECK_THROWS_AS(duet::grad<DynamicTape>(f)(2.0), duet::TapeError);
  const auto passed = [](const auto& x) {
    return x * duet::grad<DynamicTape>([](const auto& y, const auto& z) { return z + y; }, wrt<0>)(1.0, x);
  };
  CHECK(duet::grad<DynamicTape>(passed)(2.0) == 1);
}

TEST_CASE("nested transforms of vectors") {
  // the squared length of the gradient has the gradient 2 H g
  const auto steepness = [](const auto& x) {
    const auto g = duet::grad(chain)(x);
    number<decltype(x)> sum = 0;
    for (const auto& each : g) sum += each * each;
    return sum;
  };
  const auto x = ramp(6);
  const auto expected = duet::hvp(chain, x, duet::grad(chain)(x));
  const auto check = [&](const vector<double>& given) {
    for (std::size_t i = 0; i < 6; ++i) CHECK(given[i] == doctest::Approx(2 * expected[i]).epsilon(1e-13));
  };
  check(duet::grad<DynamicTape>(steepness)(x));
  check(duet::grad<Forward>(steepness)(x));
  const auto h = duet::jacobian<DynamicTape>(duet::grad<DynamicTape>(chain))(x);
  CHECK(difference(h, duet::hessian(chain)(x)) < 1e-14);
  CHECK(difference(duet::jacrev<DynamicTape>(duet::grad<Forward>(chain))(x), h) < 1e-14);
  CHECK(difference(duet::jacfwd<Forward>(duet::grad<DynamicTape>(chain))(x), h) < 1e-14);
}

TEST_CASE_TEMPLATE("products with Hessians have derivatives, by the point and by the direction", P, DynamicTape<>,
                   Forward) {
  const auto curvature = [](const auto& x, const auto& v) {
    const auto product = duet::hvp<DynamicTape>(chain, x, v);
    std::common_type_t<number<decltype(x)>, number<decltype(v)>> sum = 0;
    for (std::size_t i = 0; i < v.size(); ++i) sum += product[i] * v[i];
    return sum;
  };
  const auto x = ramp(6), v = duet::grad(chain)(x);
  const auto [by_x, by_v] = duet::grad<P>(curvature)(x, v);
  const auto product = duet::hvp(chain, x, v);
  vector<double> third(6);
  for (std::size_t i = 1; i < 6; ++i) {
    third[i - 1] -= std::sin(x[i]) * v[i] * v[i];
    third[i] -= std::cos(x[i]) * x[i - 1] * v[i] * v[i] + 2 * std::sin(x[i]) * v[i] * v[i - 1];
  }
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(by_x[i] == doctest::Approx(third[i]).epsilon(1e-13));
    CHECK(by_v[i] == doctest::Approx(2 * product[i]).epsilon(1e-13));
  }
  const auto by_x_alone = duet::grad<P>(curvature, duet::wrt<0>)(x, v);  // the direction is plain numbers
  for (std::size_t i = 0; i < 6; ++i) CHECK(by_x_alone[i] == doctest::Approx(third[i]).epsilon(1e-13));
}
