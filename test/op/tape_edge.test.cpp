// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The convention for kinks, ends of domains and branches not taken holds on the dynamic tape, too: in one statement, in
// one statement per operation, and beside other variables.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <duet/forward/forward.hpp>
#include <duet/tape/record.hpp>

#include "close.hpp"

namespace {

using Tape = duet::DynamicTape<double>;
using Number = duet::Var<double>;
constexpr double inf = std::numeric_limits<double>::infinity();
using duet::where;

/// A number that records each operation as a statement of its own.
struct Single : duet::Active {
  struct Engine {
    template <class X>
    static auto inner(const X& x) {
      if constexpr (std::same_as<X, Single>) {
        return x.number;
      } else {
        return x;
      }
    }
    template <class Op, class... X>
    static auto apply(const X&... x) {
      if constexpr (Op::kind == duet::op::Kind::predicate) {
        return duet::op::apply<Op>(inner(x)...);
      } else {
        return Single(Number(duet::op::apply<Op>(inner(x)...)));
      }
    }
  };
  using engine = Engine;
  static constexpr int rank = 100;

  Number number;
  Single(const Number& x) : number(x) {}
  template <class U>
  requires std::is_arithmetic_v<U> Single(U x) : number(x) {}
};

/// A value with up to three derivatives, and the point where they are.
using Result = std::array<double, 4>;
using Point = std::array<double, 3>;
using Path = Result (*)(const Point&);

template <class F, std::size_t N, class X>
Result on_tape(const Point& p) {
  Tape tape;
  std::array<Number, 3> v;
  for (std::size_t k = 0; k < N; ++k) v[k] = tape.variable(p[k]);
  const Number y = [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto result = F{}(X(v[K])...);
    if constexpr (std::same_as<X, Single>) {
      return result.number;
    } else {
      return Number(result);
    }
  }
  (std::make_index_sequence<N>{});
  tape.backward(y);
  Result result{y.primal()};
  for (std::size_t k = 0; k < N; ++k) result[1 + k] = v[k].grad();
  return result;
}
/// All operands passive but one, which makes other records.
template <class F, std::size_t N>
Result one_by_one(const Point& p) {
  Result result{};
  for (std::size_t i = 0; i < N; ++i) {
    Tape tape;
    std::array<Number, 3> v;
    for (std::size_t k = 0; k < N; ++k) v[k] = k == i ? tape.variable(p[k]) : Number(p[k]);
    const Number y = [&]<std::size_t... K>(std::index_sequence<K...>) { return Number(F{}(v[K]...)); }
    (std::make_index_sequence<N>{});
    tape.backward(y);
    result[0] = y.primal(), result[1 + i] = v[i].grad();
  }
  return result;
}
template <class F, std::size_t N>
Result on_duals(const Point& p) {
  using D = duet::Dual<double, 3>;
  const D y = [&]<std::size_t... K>(std::index_sequence<K...>) {
    return D(F{}(D::variable(p[K], static_cast<int>(K))...));
  }
  (std::make_index_sequence<N>{});
  return {y.primal(), y.tangent(0), y.tangent(1), y.tangent(2)};
}

/// At all these points the tape says what duals say, which the table of edge values (edge.test.cpp) knows.
template <std::size_t N = 1, class F>
void check(const std::string& name, F, const std::vector<Point>& points) {
  for (const Point& p : points) {
    const Result expected = on_duals<F, N>(p);
    for (const auto& [path, f] : {std::pair<std::string, Path>("one statement", &on_tape<F, N, Number>),
                                  {"single operations", &on_tape<F, N, Single>},
                                  {"one by one", &one_by_one<F, N>}}) {
      const Result y = f(p);
      for (std::size_t k = 0; k <= N; ++k) {
        INFO(name << " at " << p[0] << ", " << p[1] << ", " << p[2] << ": " << path << ", component " << k);
        INFO(y[k] << " instead of " << expected[k]);
        CHECK(close(y[k], expected[k]));
      }
    }
  }
}

/// All pairs, or triples, of these.
std::vector<Point> pairs(const std::vector<double>& values) {
  std::vector<Point> points;
  for (double a : values) {
    for (double b : values) points.push_back({a, b, 0});
  }
  return points;
}
std::vector<Point> triples(const std::vector<double>& values) {
  std::vector<Point> points;
  for (const Point& p : pairs(values)) {
    for (double c : values) points.push_back({p[0], p[1], c});
  }
  return points;
}
std::vector<Point> singles(const std::vector<double>& values) {
  std::vector<Point> points;
  for (double a : values) points.push_back({a, 0, 0});
  return points;
}
/// Without infinities in pairs, which duals of several directions mix.
const std::vector<double> bounded{0, -0.0, 1, -1, 0.5, 2, -3, 1000, -1000},
    edges{0, -0.0, 1, -1, 0.5, 2, -3, 1000, -1000, inf, -inf};

}  // namespace

#define DUET_F(name, expression) \
  check(                         \
      name, [](const auto& x) { return expression; }, singles(edges))
#define DUET_F2(name, expression) \
  check<2>(                       \
      name, [](const auto& x, const auto& y) { return expression; }, pairs(bounded))
#define DUET_F3(name, expression) \
  check<3>(                       \
      name, [](const auto& x, const auto& y, const auto& z) { return expression; }, triples({0, 1, -1, 0.5}))

TEST_CASE("kinks and ties") {
  DUET_F("abs", abs(x));
  DUET_F("relu", relu(x));
  DUET_F("roundings", floor(x) + ceil(x) + round(x) + trunc(x));
  DUET_F2("max", max(x, y));
  DUET_F2("min", min(x, y));
  DUET_F2("copysign", copysign(x, y));
  DUET_F2("hypot", hypot(x, y));
  DUET_F3("clamp", clamp(x, y, z));
  DUET_F3("hypot3", hypot(x, y, z));
}

TEST_CASE("ends of domains, poles and overflow") {
  DUET_F("sqrt", sqrt(x));
  DUET_F("cbrt", cbrt(x));
  DUET_F("log", log(x));
  DUET_F("log2", log2(x));
  DUET_F("log10", log10(x));
  DUET_F("log1p", log1p(x));
  DUET_F("asin", asin(x));
  DUET_F("acos", acos(x));
  DUET_F("atanh", atanh(x));
  DUET_F("acosh", acosh(x));
  DUET_F("exp", exp(x));
  DUET_F("expm1", expm1(x));
  DUET_F("sigmoid", sigmoid(x));
  DUET_F("softplus", softplus(x));
  DUET_F("tanh", tanh(x));
  DUET_F("sinc", sinc(x));
  DUET_F("1 / x", 1 / x);
  DUET_F2("x / y", x / y);
  DUET_F2("atan2", atan2(x, y));
  DUET_F2("fmod", fmod(x, y));
  DUET_F2("logaddexp", logaddexp(x, y));
}

TEST_CASE("powers") {
  DUET_F2("pow", pow(x, y));
  DUET_F("pow(x, 0)", pow(x, 0) + 0 * x);
  DUET_F("pow(x, 1)", pow(x, 1));
  DUET_F("pow(x, 2)", pow(x, 2));
  DUET_F("pow(x, -1)", pow(x, -1));
  DUET_F("pow(x, 0.5)", pow(x, 0.5));
  DUET_F("pow(0, x)", pow(0, x));
  DUET_F("pow(2, x)", pow(2, x));
}

TEST_CASE("what is infinite in a branch not taken never shows") {
  DUET_F("root", where(x > 0.0, sqrt(x), 0));
  DUET_F("logarithm", where(x > 0.0, log(x), -1));
  DUET_F("sin x / x", where(x != 0, sin(x) / x, 1));
  DUET_F("overflow", where(x < 700, exp(x), 0));
  DUET_F("nested", where(x > 0.0, where(x > 1.0, sqrt(x - 1), 0), log(1 - x)));
  DUET_F("max", max(sqrt(x), 1));
  DUET_F("min", min(-log(x), 3));
  DUET_F("clamp", clamp(log(x), -1, 1));
  DUET_F("clamped overflow", clamp(exp(x) * exp(x), -1, 1));
  DUET_F("least overflow", min(exp(x) * exp(x) * x, 5));
  DUET_F("inside", sqrt(where(x > 0.0, x, 1)));
  check(
      "through", [](const auto& x) { return exp(where(x > 0.0, log(x), 0)); }, singles(bounded));
  DUET_F("sum of two", where(x > 0.0, sqrt(x), 0) + where(x < 0, sqrt(-x), 0));
  DUET_F2("product of gates", where(x > 0.0, sqrt(x), 0) * where(y > 0.0, log(y), 1));
  DUET_F2("either", where(x < y, x / y, y / x));
  DUET_F2("a direction of its own", sqrt(x) + y);
  DUET_F2("another", log(x) + exp(y) / y);
}

TEST_CASE("an operand that is not chosen is blocked from what is infinite above, too") {
  DUET_F2("root of a maximum", sqrt(max(x, sin(y))));
  DUET_F2("root of a clamped", sqrt(clamp(cos(y), 0, x)));
  DUET_F2("root of a relu", sqrt(relu(x)) + sqrt(abs(sin(y))));
  DUET_F2("logarithm of a length", log(hypot(x, sin(y))));
}

TEST_CASE("neither does a choice in an earlier statement let it through") {
  Tape tape;
  const Number x = tape.variable(0), y = tape.variable(-1), passive = -0.5;
  const auto slopes = [&](const Number& z) {
    tape.zero_grad();
    tape.backward(z);
    return std::pair(x.grad(), y.grad());
  };
  const Number cheap = max(x, y * 2), dear = max(x, sin(y)), mixed = max(max(x, sin(y)), passive);
  CHECK(slopes(sqrt(cheap)) == std::pair(inf, 0.0));
  CHECK(slopes(sqrt(dear)) == std::pair(inf, 0.0));
  CHECK(slopes(sqrt(mixed)) == std::pair(inf, 0.0));
}

TEST_CASE("zero stays zero when it meets an infinite partial derivative") {
  Tape tape;
  const Number x = tape.variable(0), unused = tape.variable(0);
  Number root = sqrt(unused), y = x + 1;
  const Number weighted = 0 * root + y;
  tape.backward(weighted);
  CHECK(unused.grad() == 0);
  CHECK(x.grad() == 1);
  tape.zero_grad();
  tape.backward(std::array{root, y}, std::array{0.0, 2.0});
  CHECK(unused.grad() == 0);
  CHECK(x.grad() == 2);
}

TEST_CASE("a plain factor of zero makes a constant, within a statement and between two") {
  duet::DynamicTape<double> tape;
  const duet::Var<double> x = tape.variable(0.0);
  const duet::Var<double> within = sqrt(0.0 * x) + x;
  const duet::Var<double> zero = x * 0;
  const duet::Var<double> between = sqrt(zero) + x;
  for (const duet::Var<double>& y : {within, between}) {
    tape.zero_grad();
    tape.backward(y);
    CHECK(x.grad() == 1);
  }
}
