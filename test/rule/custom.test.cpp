// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Functions with rules of their own: a rule that is right changes nothing, a rule that is wrong shows that it is used,
// on every path and for derivatives of any order.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>
#include <duet/tape/kernel.hpp>

namespace {

using duet::custom_jvp, duet::custom_vjp, duet::Forward, duet::StaticTape, duet::grad, duet::hessian, duet::jacobian;
using duet::Var, duet::wrt;
using std::pair, std::tuple, std::vector;
using Tape = duet::DynamicTape<double>;

#define DUET_POLICIES StaticTape, Forward, Tape

void check_close(double a, double b) { CHECK(a == doctest::Approx(b).epsilon(1e-12)); }
template <class T>
void check_close(const T& a, const T& b) {
  vector<double> numbers;
  duet::tree::for_each_leaf(b, [&](double x) { numbers.push_back(x); });
  std::size_t k = 0;
  duet::tree::for_each_leaf(a, [&](double x) { check_close(x, numbers.at(k++)); });
}

// A function of two numbers with two results, and the same with each kind of rule, all of them right.
constexpr auto polar = [](auto r, auto phi) {
  using std::sin, std::cos;
  return pair(r * cos(phi), r * r * sin(phi));
};
constexpr auto polar_jvp = custom_jvp(polar, [](const auto& x, const auto& t) {
  using std::sin, std::cos;
  const auto& [r, phi] = x;
  const auto& [dr, dphi] = t;
  return pair(polar(r, phi),
              pair(dr * cos(phi) - r * sin(phi) * dphi, 2 * r * sin(phi) * dr + r * r * cos(phi) * dphi));
});
constexpr auto polar_vjp = custom_vjp(
    polar, [](auto r, auto phi) { return pair(polar(r, phi), tuple(r, phi)); },
    [](const auto& residuals, const auto& w) {
      using std::sin, std::cos;
      const auto& [r, phi] = residuals;
      const auto& [a, b] = w;
      return tuple(a * cos(phi) + 2 * b * r * sin(phi), b * r * r * cos(phi) - a * r * sin(phi));
    });

constexpr auto sum_of = [](auto x, auto y, const auto& f) {
  const auto [a, b] = f(x * y, x + y);
  return a * a * x + exp(b) * y;
};
constexpr auto with_plain = [](auto x, auto y) { return sum_of(x, y, polar); };
constexpr auto with_jvp = [](auto x, auto y) { return sum_of(x, y, polar_jvp); };
constexpr auto with_vjp = [](auto x, auto y) { return sum_of(x, y, polar_vjp); };

// Rounding, straight through; and a wrong rule that calls its own function: y' = 3 y, so that y'' = 9 y.
constexpr auto straight = custom_jvp(
    [](const auto& x) {
      using std::round;
      return round(x);
    },
    [](const auto& x, const auto& t) {
      using std::round;
      return pair(round(x), t);
    });
constexpr auto tripled = custom_jvp([](const auto& x) { return x * x; },
                                    [](const auto& self, const auto& x, const auto& t) {
                                      const auto y = self(x);
                                      return pair(y, 3 * y * t);
                                    });
constexpr auto tripled_back = custom_vjp([](const auto& x) { return x * x; },
                                         [](const auto& self, const auto& x) {
                                           const auto y = self(x);
                                           return pair(y, y);
                                         },
                                         [](const auto& y, const auto& w) { return 3 * y * w; });

// Ten times the derivative of a power.
constexpr auto power = custom_jvp(
    [](const auto& x, int n) {
      using std::pow;
      return pow(x, n);
    },
    [](const auto& x, const auto& t) {
      const auto& [base, n] = x;
      using std::pow;
      return pair(pow(base, n), n * pow(base, n - 1) * std::get<0>(t) * 10);
    });

}  // namespace

TEST_CASE_TEMPLATE("a right rule changes nothing, whatever the kind, the path and the order", P, DUET_POLICIES) {
  check_close(grad<P>(with_jvp)(0.3, 0.7), grad<P>(with_plain)(0.3, 0.7));
  check_close(grad<P>(with_vjp)(0.3, 0.7), grad<P>(with_plain)(0.3, 0.7));
  check_close(hessian<P>(with_jvp)(0.3, 0.7), hessian<P>(with_plain)(0.3, 0.7));
  check_close(hessian<P>(with_vjp)(0.3, 0.7), hessian<P>(with_plain)(0.3, 0.7));
  check_close(jacobian<P>(polar_jvp)(0.3, 0.7), jacobian(polar)(0.3, 0.7));
  check_close(jacobian<P>(polar_vjp)(0.3, 0.7), jacobian(polar)(0.3, 0.7));
  const tuple x(0.3, 0.7), t(2.0, -1.0);
  check_close(duet::jvp<P>(polar_vjp, x, t), duet::jvp(polar, x, t));
  check_close(duet::vjp<P>(polar_jvp, x).second(pair(2.0, -1.0)), duet::vjp(polar, x).second(pair(2.0, -1.0)));
  check_close(duet::hvp<P>(with_vjp, x, t), duet::hvp<P>(with_plain, x, t));
}

TEST_CASE("third derivatives, and derivatives of one policy inside another") {
  constexpr auto f = [](auto x) { return with_vjp(x, x * x); };
  constexpr auto g = [](auto x) { return with_plain(x, x * x); };
  check_close(duet::derivative<3>(f)(0.4), duet::derivative<3>(g)(0.4));
  check_close(duet::derivative<3, Forward>(f)(0.4), duet::derivative<3>(g)(0.4));
  constexpr auto inner = [](auto x, auto y) { return grad(with_jvp, wrt<0>)(x, y); };
  constexpr auto plain = [](auto x, auto y) { return grad(with_plain, wrt<0>)(x, y); };
  check_close(grad<Forward>(inner)(0.3, 0.7), grad(plain)(0.3, 0.7));
  check_close(grad<Tape>(inner)(0.3, 0.7), grad(plain)(0.3, 0.7));
  constexpr auto along = [](auto x, auto y) { return duet::jvp(with_vjp, tuple(x, y), tuple(y, x)).second; };
  constexpr auto plain_along = [](auto x, auto y) { return duet::jvp(with_plain, tuple(x, y), tuple(y, x)).second; };
  check_close(grad(along)(0.3, 0.7), grad(plain_along)(0.3, 0.7));
  check_close(grad<Tape>(along)(0.3, 0.7), grad(plain_along)(0.3, 0.7));
}

TEST_CASE_TEMPLATE("a wrong rule is obeyed", P, DUET_POLICIES) {
  CHECK(grad<P>([](auto x) { return x * straight(x); })(2.6) == doctest::Approx(3 + 2.6));
  CHECK(grad<P>(grad<P>([](auto x) { return x * straight(x); }))(2.6) == doctest::Approx(2));
  CHECK(grad<P>([](auto x) { return 2 * tripled(x); })(2.0) == 24);
  CHECK(grad<P>(grad<P>([](auto x) { return 2 * tripled(x); }))(2.0) == 72);
  CHECK(grad<P>([](auto x) { return 2 * tripled_back(x); })(2.0) == 24);
  CHECK(grad<P>(grad<P>([](auto x) { return 2 * tripled_back(x); }))(2.0) == 72);
}

TEST_CASE("a rule that calls its function is recorded for four orders; beyond, derivatives are not a number") {
  CHECK(duet::derivative<4>(tripled)(2.0) == 81 * 4);
  CHECK(std::isnan(duet::derivative<5>(tripled)(2.0)));
  CHECK(duet::derivative<5, Forward>(tripled)(2.0) == 243 * 4);
}

TEST_CASE("rules in constant expressions, in expressions, and in graphs") {
  static_assert(grad([](auto x) { return straight(x * x); })(1.5) == 3);
  static_assert(grad<Forward>([](auto x) { return tripled(x); })(2.0) == 12);
  constexpr auto x = duet::arg<0>;
  CHECK(straight(x * x)(1.5) == 2);
  CHECK(duet::diff(straight(x * x), x)(1.5) == 3);
  const double c = 2;
  const auto captured = [c](auto y) { return c * tripled(y); };
  CHECK(grad(captured)(2.0) == 24);
  CHECK(grad(grad(captured))(2.0) == 72);
  CHECK(grad([c](auto y) { return c * tripled_back(y); })(2.0) == 24);
  const auto f = [c](auto r, auto phi) {
    const auto [a, b] = polar_jvp(r, phi);
    return c * a * b;
  };
  const auto g = [c](auto r, auto phi) {
    const auto [a, b] = polar(r, phi);
    return c * a * b;
  };
  check_close(grad(f)(0.3, 0.7), grad(g)(0.3, 0.7));
  // a rule costs nothing where no derivative is taken, and a value is not computed for its derivatives
  constexpr auto expensive =
      custom_jvp([](const auto& y) { return y; }, [](const auto& y, const auto& t) { return pair(y, exp(y) * t); });
  static_assert(duet::cost<decltype(expensive)>.transcendentals == 0);
  static_assert(duet::cost<decltype(grad(expensive))>.transcendentals == 1);
}

TEST_CASE("a rule with state of its own") {
  const double slope = 5;
  const auto f = custom_jvp([](const auto& x) { return 1 * x; },
                            [slope](const auto& x, const auto& t) { return pair(1 * x, slope * t); });
  CHECK(grad(f)(1.0) == 5);
  CHECK(grad<Forward>(f)(1.0) == 5);
  CHECK(grad<Tape>(f)(1.0) == 5);
}

TEST_CASE("a function that Duet can't see through is called with plain numbers only") {
  int calls = 0;
  const std::function<double(double)> table = [&](double x) {
    ++calls;
    return x < 0 ? 0 : std::exp(x);
  };
  const auto f = custom_jvp(table, [](const auto& self, const auto& x, const auto& t) {
    const auto y = self(x);
    return pair(y, y * t);
  });
  const double e = std::exp(0.5);
  CHECK(f(0.5) == e);
  CHECK(calls == 1);
  check_close(grad<Tape>(f)(0.5), e);
  CHECK(calls == 2);
  check_close(grad<Forward>(f)(0.5), e);
  check_close(hessian<Tape>(f)(0.5)(0, 0), e);
  check_close(duet::derivative<3, Forward>(f)(0.5), e);
  check_close(grad<Tape>(grad<Tape>(f))(0.5), e);
  const auto g = custom_vjp(
      table,
      [](const auto& self, const auto& x) {
        const auto y = self(x);
        return pair(y, y);
      },
      [](const auto& y, const auto& w) { return y * w; });
  check_close(grad<Tape>(g)(0.5), e);
  check_close(grad<Forward>(g)(0.5), e);
  check_close(grad<Tape>(grad<Tape>(g))(0.5), e);
  check_close(duet::derivative<2, Forward>(g)(0.5), e);
}

TEST_CASE("on the dynamic tape: backward functions see the cotangent, once per sweep, and the residuals are kept") {
  static int forwards, backwards;
  forwards = backwards = 0;
  const auto clipped = custom_vjp([](const auto& x) { return x; },
                                  [](const auto& x) {
                                    ++forwards;
                                    return pair(x, tuple<>());
                                  },
                                  [](tuple<>, const auto& w) {
                                    ++backwards;
                                    return w > 1 ? decltype(w * 1)(1) : w * 1;
                                  });
  Tape tape;
  const Var<double> x = tape.variable(3.0);
  const Var<double> y = clipped(x) * 10;
  CHECK(y.primal() == 30);
  tape.backward(y);
  CHECK(x.grad() == 1);
  CHECK(forwards == 1);
  CHECK(backwards == 1);
  // nothing is recorded of passive numbers, and their rule is not asked
  const Var<double> passive = clipped(Var<double>(3.0));
  CHECK(!passive.is_recorded());
  const Var<double> z = straight(Var<double>(2.6));
  CHECK(!z.is_recorded());
}

TEST_CASE("expressions of variables, and arguments some of which are plain numbers") {
  const auto times = custom_vjp([](const auto& x, const auto& y) { return x * y; },
                                [](const auto& x, const auto& y) { return pair(x * y, tuple(x, y)); },
                                [](const auto& xy, const auto& w) {
                                  const auto& [x, y] = xy;
                                  return tuple(y * w, x * w);
                                });
  CHECK(grad<Tape>([&](const auto& x) { return times(x * x, 3.0); })(2.0) == 12);
  CHECK(grad<Forward>([&](const auto& x) { return times(3.0, x * x); })(2.0) == 12);
  CHECK(grad<Tape>([&](const auto& x, const auto& y) { return times(x + y, x - y); })(2.0, 1.0) == tuple(4.0, -2.0));
}

TEST_CASE_TEMPLATE("an argument that is no number", P, DUET_POLICIES) {
  CHECK(grad<P>([](auto x) { return power(x, 3); })(2.0) == doctest::Approx(120));
}

TEST_CASE("vectors") {
  const auto norm = custom_vjp(
      [](const auto& x) {
        auto sum = 0 * x[0];
        for (const auto& one : x) sum += one * one;
        return sum;
      },
      [](const auto& x) {
        auto sum = 0 * x[0];
        for (const auto& one : x) sum += one * one;
        return pair(sum, x);
      },
      [](const auto& x, const auto& w) {
        auto c = x;
        for (auto& one : c) one = 2 * one * w;
        return c;
      });
  const vector<double> x{1, 2, 3};
  CHECK(grad<Tape>(norm)(x) == vector<double>{2, 4, 6});
  CHECK(grad<Forward>(norm)(x) == vector<double>{2, 4, 6});
  const auto h = hessian<Tape>(norm)(x);
  CHECK(h(1, 1) == 2);
  CHECK(h(0, 1) == 0);

  const auto twice = custom_jvp(
      [](auto y) {
        for (auto& one : y) one = 2 * one;
        return y;
      },
      [](auto y, auto t) {
        for (auto& one : y) one = 2 * one;
        for (auto& one : t) one = 5 * one;
        return pair(y, t);
      });
  CHECK(grad<Tape>([&](const auto& y) { return norm(twice(y)); })(x) == vector<double>{20, 40, 60});
  CHECK(grad<Forward>([&](const auto& y) { return norm(twice(y)); })(x) == vector<double>{20, 40, 60});

  const auto lost = custom_jvp([](const auto& y) { return y; },
                               [](const auto& y, auto t) {
                                 t.pop_back();
                                 return pair(y, t);
                               });
  CHECK_THROWS_AS(grad<Tape>([&](const auto& y) { return norm(lost(y)); })(x), duet::ShapeError);
  const auto short_back = custom_vjp([](const auto& y) { return y; }, [](const auto& y) { return pair(y, y); },
                                     [](auto y, const auto&) {
                                       y.pop_back();
                                       return y;
                                     });
  CHECK_THROWS_AS(grad<Tape>([&](const auto& y) { return norm(short_back(y)); })(x), duet::ShapeError);
}

TEST_CASE("inside kernels") {
  constexpr auto k = duet::kernel([](auto x, auto y) { return straight(x * y) * tripled(y); });
  Tape tape;
  const Var<double> x = tape.variable(1.3), y = tape.variable(2.0);
  const Var<double> z = k(x, y);
  CHECK(z.primal() == 12);
  tape.backward(z);
  check_close(x.grad(), 2 * 4);
  check_close(y.grad(), 1.3 * 4 + 3 * 3 * 4);
}

TEST_CASE("a rule that uses functions with rules, and a rule that captured the number of an outer derivative") {
  constexpr auto outer = custom_jvp([](const auto& x) { return tripled(x); },
                                    [](const auto& x, const auto& t) { return pair(tripled(x), 7 * tripled(x) * t); });
  CHECK(grad(outer)(2.0) == 28);
  CHECK(grad(grad(outer))(2.0) == 7 * 12);
  CHECK(grad<Tape>(grad<Tape>(outer))(2.0) == 7 * 12);
  CHECK(duet::derivative<2, Forward>(outer)(2.0) == 7 * 12);
  constexpr auto captures = [](auto x, auto y) {
    const auto f = custom_jvp([y](const auto& z) { return y * z; },
                              [y](const auto& z, const auto& t) { return pair(y * z, 3 * y * t); });
    return f(x);
  };
  CHECK(grad<Forward>(captures, wrt<0>)(2.0, 5.0) == 15);
  CHECK(grad(captures, wrt<0>)(2.0, 5.0) == 15);
}
