// Sparse Jacobians and Hessians of functions whose size is known at run time.
#include <doctest/doctest.h>

#include <cmath>
#include <ctime>
#include <random>

#include <duet/sparse.hpp>

#include "../../bench/problem/broyden.hpp"
#include "../../bench/problem/extended_rosenbrock.hpp"

namespace {

using duet::DynamicTape, duet::Forward, duet::Mode;
using Vector = std::vector<double>;

template <class X>
using number = std::remove_cvref_t<decltype(std::declval<const X&>()[0])>;

/// Random programs in which every step reads neighbours, so that they are sparse.
struct Program {
  struct Step {
    int what;
    std::size_t a, b;
  };
  std::size_t inputs;
  std::vector<Step> steps;
  std::vector<std::size_t> outputs;

  Program(unsigned seed, std::size_t most_inputs) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    inputs = 1 + below(most_inputs);
    for (std::size_t k = below(3 * inputs); k > 0; --k) {
      const std::size_t end = inputs + steps.size(), a = below(end);
      steps.push_back({static_cast<int>(below(8)), a, std::min(end - 1, a + below(3))});
    }
    for (std::size_t k = below(2 * inputs) + 1; k > 0; --k) outputs.push_back(below(inputs + steps.size()));
  }

  template <class X>
  auto operator()(const X& x) const {
    using std::sin, std::exp;
    std::vector<number<X>> v(x.begin(), x.end());
    for (const Step& s : steps) v.push_back(step(s, v[s.a], v[s.b]));
    std::vector<number<X>> y;
    for (std::size_t output : outputs) y.push_back(v[output]);
    return y;
  }
  template <class T>
  static T step(const Step& s, const T& a, const T& b) {
    using std::sin, std::exp, std::max;
    switch (s.what) {
      case 0:
        return a + b;
      case 1:
        return a - 2 * b;
      case 2:
        return sin(a) * b;
      case 3:
        return exp(-a * a);
      case 4:
        return a / (2 + b * b);
      case 5:
        return max(a, b);
      case 6:
        return a < b ? T(3 * a) : T(a * b);
      default:
        return T(1.5);
    }
  }
  Vector point(unsigned seed) const {
    std::mt19937 random(seed);
    Vector x(inputs);
    for (double& each : x) each = std::uniform_real_distribution<double>(-1, 1)(random);
    return x;
  }
};

/// The sum of the squares of a program's results.
struct Energy {
  Program program;
  template <class X>
  auto operator()(const X& x) const {
    number<X> sum = 0;
    for (const auto& y : program(x)) sum = sum + y * y;
    return sum;
  }
};

template <class A, class B>
void check_close(const A& sparse, const B& dense) {
  REQUIRE(sparse.rows() == dense.rows());
  REQUIRE(sparse.cols() == dense.cols());
  int different = 0;
  for (std::size_t i = 0; i < dense.rows(); ++i) {
    for (std::size_t j = 0; j < dense.cols(); ++j) {
      different += !(std::abs(sparse.at(i, j) - dense(i, j)) <= 1e-10 * (1 + std::abs(dense(i, j))));
    }
  }
  CHECK(different == 0);
}

/// A hub that all others are tied to.
struct Arrowhead {
  template <class X>
  auto operator()(const X& x) const {
    number<X> sum = x[0] * x[0];
    for (std::size_t i = 1; i < x.size(); ++i) sum += x[0] * x[i] + x[i] * x[i] * x[i];
    return sum;
  }
};

}  // namespace

TEST_CASE("sparse Jacobians of random programs are the dense ones, at the point of the pattern and at others") {
  int entries = 0, nonzeros = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Program f(seed, 40);
    const Vector x = f.point(seed);
    const auto dense = duet::jacobian<DynamicTape>(f)(x);
    const auto sparse = duet::sparse_jacobian(f)(x);
    check_close(sparse, dense);
    check_close(duet::sparse_jacobian<DynamicTape<double>, Mode::reverse>(f)(x), dense);
    CHECK(duet::sparse_jacobian(f).plan(x).covers(x));
    entries += static_cast<int>(sparse.nonzeros());
    for (double value : sparse.values()) nonzeros += value != 0;
  }
  CHECK(entries < 1.2 * nonzeros);  // entries that are zero come from ties that max breaks
}

TEST_CASE("sparse Hessians of random programs are the dense ones") {
  for (unsigned seed = 0; seed < 150; ++seed) {
    const Energy f{Program(seed, 25)};
    const Vector x = f.program.point(seed);
    check_close(duet::sparse_hessian(f)(x), duet::hessian<DynamicTape>(f)(x));
  }
}

TEST_CASE("a plan serves many points") {
  auto plan = duet::sparse_jacobian(bench::Broyden{}).plan(Vector(50, 1.0));
  CHECK(plan.colours() == 3);
  CHECK(plan.by_columns());
  CHECK(plan.pattern().nonzeros() == 148);
  for (double at : {0.5, -1.0, 2.0}) {
    Vector x(50, at);
    x[7] = 3 * at;
    check_close(plan(x), duet::jacobian<DynamicTape>(bench::Broyden{})(x));
    const auto [value, j] = plan.value_and_matrix(x);
    CHECK(value == bench::Broyden{}(x));
    CHECK(j.at(7, 7) == 3 - 12 * at);
  }
}

TEST_CASE("arrays that a function makes are there again for its next evaluation, whatever else is allocated") {
  std::vector<const void*> seen;
  const auto f = [&seen](const auto& x) {
    using X = std::remove_cvref_t<decltype(x)>;
    X squares(x.size()), y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) squares[i] = x[i] * x[i];
    for (std::size_t i = 1; i < x.size(); ++i) y[i] = squares[i] + 3 * squares[i - 1];
    seen.insert(seen.end(), {&squares[0], &y[0]});
    return y;
  };
  Vector x(20000, 1.0);
  auto plan = duet::sparse_jacobian(f).plan(x);
  plan(x);
  for (int round = 0; round < 3; ++round) {
    seen.clear();
    const std::vector<double> other(700000, 1.0);
    plan(x);
    const auto before = seen;
    x[7] += 1;
    const std::vector<double> another(80000, other[0]);
    plan(x);
    REQUIRE(seen.size() == 4);
    CHECK((seen[2] == before[0] || seen[2] == before[1]));
    CHECK((seen[3] == before[0] || seen[3] == before[1]));
  }
  CHECK(plan(x).at(8, 7) == 6 * x[7]);
}

TEST_CASE("checks and fresh patterns in between leave the next matrices as they should be") {
  int refreshed = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const Program f(seed, 12);
    auto plan = duet::sparse_jacobian(f).plan(f.point(seed));
    for (unsigned k = 0; k < 4; ++k) {
      const Vector x = f.point(100 * seed + k), y = f.point(100 * seed + k + 50);
      if (!plan.covers(x)) refreshed += plan.refresh(x);
      check_close(plan(x), duet::jacobian<DynamicTape>(f)(x));
      if (plan.covers(y)) check_close(plan(y), duet::jacobian<DynamicTape>(f)(y));
    }
  }
  CHECK(refreshed > 0);
}

TEST_CASE("the dynamic pattern is the static one") {
  const auto same = [](const auto& f) {
    constexpr std::array<double, 8> x{0.5, -1, 2, 0.25, 1.5, -2, 3, 1};
    const auto fixed = duet::sparse_jacobian(f)(x);
    const auto dynamic = duet::sparse_jacobian<DynamicTape>(f)(Vector(x.begin(), x.end()));
    CHECK(duet::graph::thaw(fixed.pattern()) == dynamic.pattern());
    check_close(dynamic, fixed.dense());
  };
  same([](const auto& x) {
    auto y = x;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) y[i] = x[i] * x[i + 1];
    return y;
  });
  same([](const auto& x) {
    auto y = x;
    for (std::size_t i = 1; i < x.size(); ++i) y[i] = y[i - 1] + sin(x[i]);
    return y;
  });
}

TEST_CASE("more colours than one evaluation has directions take several") {
  for (const std::size_t half : {2, 4, 7}) {
    const auto band = [half](const auto& x) {
      std::vector<number<decltype(x)>> y(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t j = i < half ? 0 : i - half; j <= i + half && j < x.size(); ++j) {
          y[i] += (1.0 + static_cast<double>(j)) * x[j] * x[i];
        }
      }
      return y;
    };
    const Vector x(60, 0.5);
    auto plan = duet::sparse_jacobian(band).plan(x);
    CHECK(plan.colours() == static_cast<int>(2 * half + 1));
    check_close(plan(x), duet::jacobian<DynamicTape>(band)(x));
    check_close(duet::sparse_jacobian<DynamicTape<double>, Mode::reverse>(band)(x), plan(x).dense());
  }
}

TEST_CASE("an entry outside of the pattern is an error, and a fresh pattern has it") {
  const auto f = [](const auto& x) {
    std::vector<number<decltype(x)>> y(x.begin(), x.end());
    if (x[0] > 0) y[2] = x[1] * x[2];
    return y;
  };
  auto plan = duet::sparse_jacobian(f).plan(Vector{-1, 2, 3});
  CHECK(plan.pattern().nonzeros() == 3);
  CHECK(plan.colours() == 1);
  CHECK(plan(Vector{-2, 4, 5}).at(2, 2) == 1);
  // with one colour the entry falls on top of another one, which goes unnoticed unless one asks
  CHECK(plan(Vector{1, 2, 3}).at(2, 2) == 5);
  CHECK(!plan.covers(Vector{1, 2, 3}));
  CHECK(plan.covers(Vector{-1, 2, 3}));
  CHECK(!plan.refresh(Vector{-1, 1, 1}));
  CHECK(plan.refresh(Vector{1, 2, 3}));
  CHECK(plan(Vector{1, 2, 3}).at(2, 1) == 3);

  const auto g = [](const auto& x) {
    std::vector<number<decltype(x)>> y(x.begin(), x.end());
    y[0] = x[0] * x[1];
    if (x[0] > 0) y[2] = x[1] * x[2];
    return y;
  };
  auto other = duet::sparse_jacobian(g).plan(Vector{-1, 2, 3});
  CHECK(other.colours() == 2);
  CHECK_THROWS_AS(other(Vector{1, 2, 3}), duet::PatternError);
  CHECK(other(Vector{-1, 2, 3}).at(0, 0) == 2);  // it is usable after that

  const auto h = [](const auto& x) {
    std::vector<number<decltype(x)>> y{x[0] * x[1], x[1]};
    y.push_back(x[0] > 0 ? number<decltype(x)>(x[2] * x[3]) : x[2]);
    return y;
  };
  auto rows = duet::sparse_jacobian<DynamicTape<double>, Mode::reverse>(h).plan(Vector{-1, 2, 3, 4});
  CHECK(rows.colours() == 2);
  CHECK_THROWS_AS(rows(Vector{1, 2, 3, 4}), duet::PatternError);
  CHECK(!rows.covers(Vector{1, 2, 3, 4}));
  CHECK(rows.covers(Vector{-1, 2, 3, 4}));
  CHECK(rows(Vector{-1, 2, 3, 4}).at(0, 0) == 2);
}

TEST_CASE("a plan is for one size") {
  auto plan = duet::sparse_jacobian(bench::Broyden{}).plan(Vector(5, 1.0));
  CHECK_THROWS_AS(plan(Vector(6, 1.0)), duet::ShapeError);
  const auto grows = [](const auto& x) { return std::vector<number<decltype(x)>>(x[0] > 0 ? 2 : 3, x[0] * x[1]); };
  auto growing = duet::sparse_jacobian(grows).plan(Vector{1, 2});
  CHECK_THROWS_AS(growing(Vector{-1, 2}), duet::ShapeError);
  CHECK(growing(Vector{1, 2}).at(0, 0) == 2);
}

TEST_CASE("arguments of any structure, some of them left out") {
  const auto f = [](const auto& x, int factor, const auto& more) {
    using T = std::remove_cvref_t<decltype(std::get<0>(more) * x[0] * 1.0)>;
    std::vector<typename duet::op::kept<T>::type> y;
    for (std::size_t i = 0; i < x.size(); ++i)
      y.push_back(factor * x[i] * (i == 0 ? std::get<0>(more) : std::get<1>(more)[0]));
    return y;
  };
  const Vector x{1, 2, 3};
  const std::tuple<double, std::array<double, 2>> more{0.5, {2, 4}};
  const auto j = duet::sparse_jacobian(f, duet::wrt<0, 2>)(x, 3, more);
  CHECK(j.rows() == 3);
  CHECK(j.cols() == 6);
  CHECK(j.nonzeros() == 6);
  check_close(j, duet::jacobian<DynamicTape>(f, duet::wrt<0, 2>)(x, 3, more));
  check_close(duet::sparse_jacobian<Forward>(f, duet::wrt<0, 2>)(x, 3, more), j.dense());
  const auto some = duet::sparse_jacobian(f, duet::wrt<0>)(x, 3, more);
  CHECK(some.nonzeros() == 3);
  CHECK(some.at(1, 1) == 6);
}

TEST_CASE("a plan for named parts is asked with whole arguments") {
  const auto f = [](const auto& p, const auto& weights) {
    auto y = p.first;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = weights[i] * p.first[i] * p.first[i] * p.second;
    return y;
  };
  std::pair<Vector, double> p{{1, 2, 3}, 5};
  const Vector weights{1, -1, 0.5};
  auto plan = duet::sparse_jacobian(f, duet::wrt<"[0][0]">).plan(p, weights);
  CHECK(plan.pattern().nonzeros() == 3);
  CHECK(plan.by_columns());
  CHECK(plan.colours() == 1);
  check_close(plan(p, weights), duet::jacobian(f, duet::wrt<"[0][0]">)(p, weights));
  p.first[1] = 7;
  const auto [y, j] = plan.value_and_matrix(p, weights);
  CHECK(y == f(p, weights));
  check_close(j, duet::jacobian(f, duet::wrt<"[0][0]">)(p, weights));
  CHECK(plan.covers(p, weights));
  CHECK_FALSE(plan.refresh(p, weights));
  check_close(std::move(plan).release(), duet::jacobian(f, duet::wrt<"[0][0]">)(p, weights));
  const auto g = [&f](const auto& p, const auto& weights) {
    const auto y = f(p, weights);
    number<decltype(y)> sum = y[0] * y[1];
    for (std::size_t i = 2; i < y.size(); ++i) sum = sum + y[i] * y[i];
    return sum;
  };
  constexpr auto parts = duet::wrt<"[0][0]", "[0][1]">;
  check_close(duet::sparse_hessian(g, parts)(p, weights), duet::hessian(g, parts)(p, weights));
  check_close(duet::sparse_hessian<DynamicTape>(g, parts).plan(p, weights)(p, weights),
              duet::hessian(g, parts)(p, weights));
  check_close(duet::sparse_hessian<Forward>(g, parts)(p, weights), duet::hessian(g, parts)(p, weights));
}

TEST_CASE("nothing depends on anything") {
  const auto f = [](const auto& x) { return std::vector<number<decltype(x)>>(4, number<decltype(x)>(1.0)); };
  const auto j = duet::sparse_jacobian(f)(Vector{1, 2});
  CHECK(j.rows() == 4);
  CHECK(j.cols() == 2);
  CHECK(j.nonzeros() == 0);
  CHECK(j.at(3, 1) == 0);
}

namespace {

/// The processor time for sparse derivatives of three functions of `n` variables; that of a loaded machine, too.
double seconds_for(std::size_t n) {
  const std::clock_t start = std::clock();
  Vector x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = 0.5 + static_cast<double>(i % 7) / 8;
  const auto j = duet::sparse_jacobian(bench::Broyden{})(x);
  CHECK(j.nonzeros() == 3 * n - 2);
  for (std::size_t i : {std::size_t{0}, n / 2, n - 1}) CHECK(j.at(i, i) == 3 - 4 * x[i]);
  auto rosenbrock = duet::sparse_hessian(bench::ExtendedRosenbrock{}).plan(x);
  CHECK(rosenbrock.colours() == 2);
  CHECK(rosenbrock.pattern().nonzeros() == 2 * n);
  const auto& h = rosenbrock(x);
  CHECK(h.at(0, 0) == doctest::Approx(1200 * x[0] * x[0] - 400 * x[1] + 2));
  CHECK(h.at(n - 1, n - 2) == doctest::Approx(-400 * x[n - 2]));
  CHECK(h.at(n - 1, n - 1) == doctest::Approx(200));
  auto arrowhead = duet::sparse_hessian(Arrowhead{}).plan(x);
  CHECK(arrowhead.colours() == 2);
  CHECK(arrowhead.pattern().nonzeros() == 3 * n - 2);
  const auto& a = arrowhead(x);
  CHECK(a.at(0, n - 1) == 1);
  CHECK(a.at(0, 0) == 2);
  CHECK(a.at(n / 2, n / 2) == doctest::Approx(6 * x[n / 2]));
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("the time for functions of many variables grows as their number, not as its square") {
  seconds_for(100);
  CHECK(seconds_for(50000) < 40 * seconds_for(5000));
}
