// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The convention for kinks, ends of domains and overflow, as one table: the same on every path. A zero cotangent stays
// zero: what is infinite in a branch not taken never shows.
#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <duet/duet.hpp>
#if __has_include(<xsimd/xsimd.hpp>)
#include <xsimd/xsimd.hpp>
#endif

#include "close.hpp"

namespace {

using duet::Dual, duet::operator""_c;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double NaN = std::numeric_limits<double>::quiet_NaN();
using std::numbers::ln2, std::numbers::pi, std::numbers::egamma;

/// A value with up to three derivatives, and the point where they are.
using Result = std::array<double, 4>;
using Point = std::array<double, 3>;
using Path = Result (*)(const Point&);

/// What is expected at a point: value and derivatives.
struct Row {
  std::vector<double> at;
  double value;
  std::vector<double> slopes;
};
struct Function {
  std::string name;
  std::vector<Row> rows;
  std::vector<std::pair<std::string, Path>> paths;
};

template <std::size_t N>
auto call(auto f, auto make) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) { return f(make(K)...); }
  (std::make_index_sequence<N>{});
}

Result in_a_row(const auto& structure, auto to_number) {
  Result y{};
  std::size_t i = 0;
  duet::tree::for_each_leaf(structure, [&](const auto& x) { y[i++] = to_number(x); });
  return y;
}
constexpr auto identity = [](double x) { return x; };

template <class F, std::size_t N>
Result single_duals(const Point& p) {
  Result y{};
  for (std::size_t i = 0; i < N; ++i) {
    const Dual<double> result = call<N>(F{}, [&](std::size_t k) { return Dual<double>(p[k], k == i ? 1 : 0); });
    y[0] = result.primal(), y[1 + i] = result.tangent();
  }
  return y;
}
template <class F, std::size_t N>
Result vector_dual(const Point& p) {
  using D = Dual<double, 3>;
  const D result = call<N>(F{}, [&](std::size_t k) { return D::variable(p[k], static_cast<int>(k)); });
  return {result.primal(), result.tangent(0), result.tangent(1), result.tangent(2)};
}
template <class F, std::size_t N>
Result static_reverse(const Point& p) {
  return in_a_row(call<N>(duet::value_and_grad(F{}), [&](std::size_t k) { return p[k]; }), identity);
}
template <class F, std::size_t N>
Result static_forward(const Point& p) {
  const auto y = call<N>(duet::jacfwd(F{}), [&](std::size_t k) { return p[k]; });
  Result result = static_reverse<F, N>(p);
  std::copy(y.data(), y.data() + N, result.begin() + 1);
  return result;
}

/// `F` with a captured factor, which makes it an expression.
template <class F>
struct Scaled {
  double one;
  constexpr auto operator()(const auto&... x) const { return one * F{}(x...); }
};
template <class F, std::size_t N>
Result expression(const Point& p) {
  return in_a_row(call<N>(duet::value_and_grad(Scaled<F>{1}), [&](std::size_t k) { return p[k]; }), identity);
}

#if __has_include(<xsimd/xsimd.hpp>)
using Batch = xsimd::batch<double>;
/// The last lane; the other lanes were given the number one, so that they differ.
double last(const Batch& x) {
  double lanes[Batch::size];
  x.store_unaligned(lanes);
  return lanes[Batch::size - 1];
}
Batch behind_ones(double x) {
  double lanes[Batch::size];
  for (double& lane : lanes) lane = 1;
  lanes[Batch::size - 1] = x;
  return Batch::load_unaligned(lanes);
}
template <class F, std::size_t N>
Result static_reverse_of_batches(const Point& p) {
  return in_a_row(call<N>(duet::value_and_grad(F{}), [&](std::size_t k) { return behind_ones(p[k]); }), last);
}
template <class F, std::size_t N>
Result dual_of_batches(const Point& p) {
  using D = Dual<Batch, 3>;
  const D y = call<N>(F{}, [&](std::size_t k) { return D::variable(behind_ones(p[k]), static_cast<int>(k)); });
  return {last(y.primal()), last(y.tangent(0)), last(y.tangent(1)), last(y.tangent(2))};
}
#endif

/// A function on the paths that record it, on all for scalars, and on all.
template <std::size_t N = 1, class F>
Function recorded(std::string name, F, std::vector<Row> rows) {
  return {std::move(name),
          std::move(rows),
          {{"static graph, reverse", &static_reverse<F, N>},
           {"static graph, forward", &static_forward<F, N>},
           {"expression", &expression<F, N>}}};
}
template <std::size_t N = 1, class F>
Function on_scalars(std::string name, F f, std::vector<Row> rows) {
  Function function = recorded<N>(std::move(name), f, std::move(rows));
  function.paths.emplace_back("Dual<double>", &single_duals<F, N>);
  function.paths.emplace_back("Dual<double, 3>", &vector_dual<F, N>);
  return function;
}
template <std::size_t N = 1, class F>
Function everywhere(std::string name, F f, std::vector<Row> rows) {
  Function function = on_scalars<N>(std::move(name), f, std::move(rows));
#if __has_include(<xsimd/xsimd.hpp>)
  function.paths.emplace_back("static graph of batches", &static_reverse_of_batches<F, N>);
#endif
  return function;
}
/// A function of variables alone, without literal numbers, on duals of batches besides.
template <std::size_t N = 1, class F>
Function bare(std::string name, F f, std::vector<Row> rows) {
  Function function = everywhere<N>(std::move(name), f, std::move(rows));
#if __has_include(<xsimd/xsimd.hpp>)
  function.paths.emplace_back("Dual of batches", &dual_of_batches<F, N>);
#endif
  return function;
}

void check(const std::vector<Function>& functions) {
  for (const Function& f : functions) {
    for (const Row& row : f.rows) {
      Point p{};
      Result expected{row.value};
      std::copy(row.at.begin(), row.at.end(), p.begin());
      std::copy(row.slopes.begin(), row.slopes.end(), expected.begin() + 1);
      for (const auto& [name, path] : f.paths) {
        const Result y = path(p);
        for (std::size_t k = 0; k <= row.slopes.size(); ++k) {
          INFO(f.name << " at " << p[0] << ", " << p[1] << ", " << p[2] << ": " << name << ", component " << k);
          INFO(y[k] << " instead of " << expected[k]);
          CHECK(close(y[k], expected[k]));
        }
      }
    }
  }
}

}  // namespace

#define DUET_F(expression) [](const auto& x) { return expression; }
#define DUET_F2(expression) [](const auto& x, const auto& y) { return expression; }
#define DUET_F3(expression) [](const auto& x, const auto& y, const auto& z) { return expression; }

TEST_CASE("a kink has the subgradient of least norm, a tie is shared") {
  check({bare("abs", DUET_F(abs(x)), {{{0}, 0, {0}}, {{-0.0}, 0, {0}}, {{-2}, 2, {-1}}, {{-inf}, inf, {-1}}}),
         bare("relu", DUET_F(relu(x)), {{{0}, 0, {0}}, {{-0.0}, 0, {0}}, {{2}, 2, {1}}, {{-inf}, 0, {0}}}),
         everywhere<2>(
             "max", DUET_F2(max(x, y)),
             {{{1, 1}, 1, {0.5, 0.5}}, {{0, -0.0}, 0, {0.5, 0.5}}, {{1, 2}, 2, {0, 1}}, {{inf, 2}, inf, {1, 0}}}),
         bare<2>("min", DUET_F2(min(x, y)),
                 {{{1, 1}, 1, {0.5, 0.5}}, {{0, -0.0}, 0, {0.5, 0.5}}, {{1, 2}, 1, {1, 0}}, {{inf, 2}, 2, {0, 1}}}),
         bare<3>("clamp", DUET_F3(clamp(x, y, z)),
                 {{{0, 0, 1}, 0, {0.5, 0.5, 0}},
                  {{1, 0, 1}, 1, {0.5, 0, 0.5}},
                  {{0.5, 0, 1}, 0.5, {1, 0, 0}},
                  {{-1, 0, 1}, 0, {0, 1, 0}},
                  {{2, 0, 1}, 1, {0, 0, 1}}}),
         bare<2>("hypot", DUET_F2(hypot(x, y)), {{{0, 0}, 0, {0, 0}}, {{0, -2}, 2, {0, -1}}, {{3, 4}, 5, {0.6, 0.8}}}),
         bare<3>("hypot3", DUET_F3(hypot(x, y, z)), {{{0, 0, 0}, 0, {0, 0, 0}}, {{0, -2, 0}, 2, {0, -1, 0}}}),
         bare<2>("copysign", DUET_F2(copysign(x, y)),
                 {{{2, -3}, -2, {-1, 0}}, {{-2, 3}, 2, {-1, 0}}, {{2, -0.0}, -2, {-1, 0}}, {{0, 1}, 0, {0, 0}}}),
         bare("roundings", DUET_F(floor(x) + ceil(x) + round(x) + trunc(x)),
              {{{1}, 4, {0}}, {{-1.5}, -6, {0}}, {{0.5}, 2, {0}}, {{-0.5}, -2, {0}}, {{2.5}, 10, {0}}})});
}

TEST_CASE("at the end of a domain the derivative is the limit, infinity allowed") {
  check(
      {bare("sqrt", DUET_F(sqrt(x)), {{{0}, 0, {inf}}, {{inf}, inf, {0}}, {{-1}, NaN, {NaN}}}),
       bare("cbrt", DUET_F(cbrt(x)), {{{0}, 0, {inf}}, {{-8}, -2, {1.0 / 12}}}),
       bare("log", DUET_F(log(x)), {{{0}, -inf, {inf}}, {{inf}, inf, {0}}}),
       bare("log2", DUET_F(log2(x)), {{{0}, -inf, {inf}}}), bare("log10", DUET_F(log10(x)), {{{0}, -inf, {inf}}}),
       bare("log1p", DUET_F(log1p(x)), {{{-1}, -inf, {inf}}, {{1e-20}, 1e-20, {1}}}),
       bare("asin", DUET_F(asin(x)), {{{1}, pi / 2, {inf}}, {{-1}, -pi / 2, {inf}}, {{2}, NaN, {NaN}}}),
       bare("acos", DUET_F(acos(x)), {{{1}, 0, {-inf}}, {{-1}, pi, {-inf}}}),
       bare("atanh", DUET_F(atanh(x)), {{{1}, inf, {inf}}, {{-1}, -inf, {inf}}}),
       bare("acosh", DUET_F(acosh(x)), {{{1}, 0, {inf}}}),
       on_scalars<2>("atan2", DUET_F2(atan2(x, y)),
                     {{{0, 0}, 0, {NaN, NaN}}, {{0, 1}, 0, {1, 0}}, {{0, -1}, pi, {-1, 0}}, {{1, 0}, pi / 2, {0, -1}}}),
       everywhere("1 / x", DUET_F(1 / x), {{{0}, inf, {-inf}}, {{inf}, 0, {0}}}),
       bare<2>("x / y", DUET_F2(x / y), {{{1, 0}, inf, {inf, -inf}}, {{0, 0}, NaN, {inf, NaN}}, {{0, 2}, 0, {0.5, 0}}}),
       bare<2>("fmod", DUET_F2(fmod(x, y)),
               {{{5, 3}, 2, {1, -1}},
                {{-5, 3}, -2, {1, 1}},
                {{5, -3}, 2, {1, 1}},
                {{-5, -3}, -2, {1, -1}},
                {{1, 3}, 1, {1, 0}}})});
}

TEST_CASE("powers: whole exponents take any base, and an exponent of 0 or 1 has its slope everywhere") {
  check({bare<2>("pow", DUET_F2(pow(x, y)),
                 {{{0, 0}, 1, {0, 0}},
                  {{-1, 0}, 1, {0, NaN}},
                  {{inf, 0}, 1, {0, inf}},
                  {{2, 0}, 1, {0, ln2}},
                  {{0, 1}, 0, {1, 0}},
                  {{-1, 1}, -1, {1, NaN}},
                  {{inf, 1}, inf, {1, inf}},
                  {{0, 2}, 0, {0, 0}},
                  {{0, 0.5}, 0, {inf, 0}},
                  {{0, -1}, inf, {-inf, -inf}},
                  {{-2, 3}, -8, {12, NaN}},
                  {{-2, -2}, 0.25, {0.25, NaN}}}),
         everywhere("pow(x, 0)", DUET_F(pow(x, 0) + 0 * x), {{{0}, 1, {0}}, {{-1}, 1, {0}}}),
         everywhere("pow(x, 1)", DUET_F(pow(x, 1)), {{{0}, 0, {1}}, {{-1}, -1, {1}}, {{inf}, inf, {1}}}),
         everywhere("pow(x, 2)", DUET_F(pow(x, 2)), {{{0}, 0, {0}}, {{-3}, 9, {-6}}}),
         everywhere("pow(x, 3)", DUET_F(pow(x, 3)), {{{0}, 0, {0}}, {{-2}, -8, {12}}}),
         everywhere("pow(x, 5)", DUET_F(pow(x, 5)), {{{0}, 0, {0}}, {{-1}, -1, {5}}}),
         everywhere("pow(x, -1)", DUET_F(pow(x, -1)), {{{0}, inf, {-inf}}, {{-2}, -0.5, {-0.25}}}),
         everywhere("pow(x, -2)", DUET_F(pow(x, -2)), {{{-2}, 0.25, {0.25}}}),
         everywhere("pow(x, -3)", DUET_F(pow(x, -3)),
                    {{{0}, inf, {-inf}}, {{-0.0}, -inf, {-inf}}, {{-2}, -0.125, {-0.1875}}}),
         everywhere("pow(x, 0.5)", DUET_F(pow(x, 0.5)), {{{0}, 0, {inf}}, {{4}, 2, {0.25}}}),
         everywhere("pow(0, x)", DUET_F(pow(0, x)), {{{2}, 0, {0}}, {{0.5}, 0, {0}}}),
         everywhere("pow(2, x)", DUET_F(pow(2, x)), {{{3}, 8, {8 * ln2}}})});
}

TEST_CASE("nothing overflows on the way to a finite result, and tails keep their accuracy") {
  check({bare("sigmoid", DUET_F(sigmoid(x)), {{{1000}, 1, {0}}, {{-1000}, 0, {0}}, {{-inf}, 0, {0}}, {{inf}, 1, {0}}}),
         bare("softplus", DUET_F(softplus(x)),
              {{{1000}, 1000, {1}}, {{-1000}, 0, {0}}, {{-inf}, 0, {0}}, {{inf}, inf, {1}}}),
         bare<2>("logaddexp", DUET_F2(logaddexp(x, y)),
                 {{{1000, 1000}, 1000 + ln2, {0.5, 0.5}},
                  {{1000, -1000}, 1000, {1, 0}},
                  {{-1000, -1000}, -1000 + ln2, {0.5, 0.5}},
                  {{-inf, 0}, 0, {0, 1}},
                  {{-inf, -inf}, -inf, {NaN, NaN}}}),
         bare("exp", DUET_F(exp(x)), {{{1000}, inf, {inf}}, {{-1000}, 0, {0}}, {{-inf}, 0, {0}}}),
         bare("expm1", DUET_F(expm1(x)), {{{1e-20}, 1e-20, {1}}, {{-1000}, -1, {0}}}),
         bare("tanh", DUET_F(tanh(x)), {{{1000}, 1, {0}}, {{-inf}, -1, {0}}}),
         bare("erfc", DUET_F(erfc(x)), {{{10}, 2.0884875837625448e-45, {-4.197656231354417e-44}}, {{30}, 0, {0}}}),
         bare("digamma", DUET_F(digamma(x)),
              {{{1}, -egamma, {pi * pi / 6}},
               {{1e10}, 23.025850929890456, {1.00000000005e-10}},
               {{0.5 - 1e15}, 34.538776394910684, {pi * pi}},
               {{1e-10}, -10000000000.577216, {1e20}}}),
         bare("lgamma", DUET_F(lgamma(x)),
              {{{1}, 0, {-egamma}},
               {{2}, 0, {1 - egamma}},
               {{1e10}, 220258509288.81136, {23.025850929890456}},
               {{1e300}, 6.897755278982137e302, {690.7755278982137}},
               {{0.5 - 1e15}, -3.3538776394910684e16, {34.538776394910684}},
               {{1e-10}, 23.02585092988273, {-10000000000.577216}}}),
         bare("sinc", DUET_F(sinc(x)), {{{0}, 1, {0}}, {{1e-200}, 1, {0}}, {{0.5}, 2 / pi, {-4 / pi}}}),
         bare("trigamma", DUET_F(polygamma(1, x)), {{{1}, pi * pi / 6, {-2.4041138063191885}}}),
         bare("tgamma", DUET_F(tgamma(x)), {{{5}, 24, {24 * (25.0 / 12 - egamma)}}, {{1e17}, inf, {inf}}})});
}

TEST_CASE("what is infinite in a branch not taken never shows") {
  check({everywhere("root", DUET_F(where(x > 0.0, sqrt(x), 0)), {{{0}, 0, {0}}, {{-1}, 0, {0}}, {{4}, 2, {0.25}}}),
         everywhere("logarithm", DUET_F(where(x > 0.0, log(x), -1)),
                    {{{0}, -1, {0}}, {{-1}, -1, {0}}, {{2}, ln2, {0.5}}}),
         everywhere("sin x / x", DUET_F(where(x != 0, sin(x) / x, 1)),
                    {{{0}, 1, {0}}, {{pi / 2}, 2 / pi, {-4 / (pi * pi)}}}),
         everywhere("overflow", DUET_F(where(x < 700, exp(x), 0)), {{{1000}, 0, {0}}, {{0}, 1, {1}}}),
         everywhere("squared overflow", DUET_F(where(x < 350, exp(x) * exp(x), x)), {{{1000}, 1000, {1}}}),
         everywhere("reciprocal", DUET_F(where(x != 0, 1 / x, x)), {{{0}, 0, {1}}, {{2}, 0.5, {-0.25}}}),
         everywhere("quotient by zero", DUET_F(where(x > 0.0, x / 0.0, x)), {{{-2}, -2, {1}}}),
         everywhere("nested", DUET_F(where(x > 0.0, where(x > 1.0, sqrt(x - 1), 0), log(1 - x))),
                    {{{1}, 0, {0}}, {{0.5}, 0, {0}}, {{0}, 0, {-1}}, {{5}, 2, {0.25}}}),
         everywhere("max", DUET_F(max(sqrt(x), 1)), {{{0}, 1, {0}}, {{4}, 2, {0.25}}}),
         everywhere("min", DUET_F(min(-log(x), 3)), {{{0}, 3, {0}}, {{1}, 0, {-1}}}),
         everywhere("clamp", DUET_F(clamp(log(x), -1, 1)), {{{0}, -1, {0}}, {{1}, 0, {1}}}),
         everywhere("inside", DUET_F(sqrt(where(x > 0.0, x, 1))), {{{0}, 1, {0}}, {{4}, 2, {0.25}}}),
         everywhere("through", DUET_F(exp(where(x > 0.0, log(x), 0))), {{{0}, 1, {0}}, {{2}, 2, {1}}}),
         everywhere("sum of two", DUET_F(where(x > 0.0, sqrt(x), 0) + where(x < 0, sqrt(-x), 0)),
                    {{{0}, 0, {0}}, {{4}, 2, {0.25}}, {{-4}, 2, {-0.25}}}),
         everywhere("shared root", DUET_F(where(x > 1.0, sqrt(x), 0) + where(x > 2.0, 2 * sqrt(x), 1)),
                    {{{0}, 1, {0}}, {{1.44}, 2.2, {0.5 / 1.2}}, {{4}, 6, {0.75}}}),
         everywhere<2>("product of gates", DUET_F2(where(x > 0.0, sqrt(x), 0) * where(y > 0.0, log(y), 1)),
                       {{{0, 0}, 0, {0, 0}}, {{4, 0}, 2, {0.25, 0}}, {{4, 1}, 0, {0, 2}}}),
         bare<2>("either", DUET_F2(where(x < y, x / y, y / x)), {{{0, 1}, 0, {1, 0}}, {{1, 0}, 0, {0, 1}}}),
         bare<2>("a direction of its own", DUET_F2(sqrt(x) + y), {{{0, 1}, 1, {inf, 1}}}),
         bare<2>("another", DUET_F2(log(x) + exp(y) / y), {{{0, 1}, -inf, {inf, 0}}})});
}

TEST_CASE("rewriting removes singularities from recorded functions") {
  check({recorded("sqrt(x x)", DUET_F(sqrt(x * x)), {{{0}, 0, {0}}, {{-3}, 3, {-1}}, {{1e200}, 1e200, {1}}}),
         recorded("log(exp(x))", DUET_F(log(exp(x))), {{{1000}, 1000, {1}}, {{-1000}, -1000, {1}}}),
         recorded("log(1 + x)", DUET_F(log(1_c + x)), {{{1e-20}, 1e-20, {1}}}),
         recorded("log(x + 1)", DUET_F(log(x + 1_c)), {{{1e-20}, 1e-20, {1}}}),
         recorded("exp(x) - 1", DUET_F(exp(x) - 1_c), {{{1e-20}, 1e-20, {1}}}),
         recorded("-1 + exp(x)", DUET_F(duet::Constant<-1>{} + exp(x)), {{{1e-20}, 1e-20, {1}}}),
         recorded("log(1 + exp(x))", DUET_F(log(1_c + exp(x))), {{{1000}, 1000, {1}}, {{-1000}, 0, {0}}}),
         recorded<2>(
             "log(exp(x) + exp(y))", DUET_F2(log(exp(x) + exp(y))),
             {{{1000, 1000}, 1000 + ln2, {0.5, 0.5}},
              {{-1000, -1001}, -1000 + std::log1p(std::exp(-1)), {1 / (1 + std::exp(-1)), 1 / (1 + std::exp(1))}}}),
         recorded("1 / (1 + exp(-x))", DUET_F(1_c / (1_c + exp(-x))), {{{-1000}, 0, {0}}, {{1000}, 1, {0}}}),
         recorded("log2(exp2(x))", DUET_F(log2(exp2(x))), {{{5000}, 5000, {1}}})});
}

TEST_CASE("the sign of a zero result survives") {
  const auto value = [](auto f, double x, double y) {
    const double on_dual = f(Dual<double>(x, 1), Dual<double>(y, 0)).primal();
    const double on_graph = duet::value_and_grad(f)(x, y).first;
    CHECK(on_dual == 0);
    CHECK(on_graph == 0);
    CHECK(std::signbit(on_dual) == std::signbit(on_graph));
    return on_dual;
  };
  CHECK(std::signbit(value(DUET_F2(copysign(x, y)), 0.0, -1.0)));
  CHECK(!std::signbit(value(DUET_F2(copysign(x, y)), -0.0, 1.0)));
  CHECK(std::signbit(value(DUET_F2(fmod(x, y)), -6.0, 3.0)));
  CHECK(!std::signbit(value(DUET_F2(fmod(x, y)), 6.0, -3.0)));
  CHECK(std::signbit(value(DUET_F2(x * y), 0.0, -1.0)));
  CHECK(std::signbit(value(DUET_F2(where(y < 0, -x, x)), 0.0, -1.0)));
}

TEST_CASE("second derivatives of gated functions are those of the branch taken") {
  const auto check_seconds = [](auto f, std::initializer_list<std::pair<double, double>> table) {
    for (const auto& [x, expected] : table) {
      INFO("at " << x << ": " << expected);
      CHECK(close(duet::hessian(f)(x)(0, 0), expected));
      CHECK(close(duet::hessian<duet::Forward>(f)(x)(0, 0), expected));
      CHECK(close(duet::grad(duet::grad(f))(x), expected));
      CHECK(close(duet::derivative<2>(f)(x), expected));
      CHECK(close(duet::grad<duet::Forward>(duet::grad(f))(x), expected));
      CHECK(close(duet::grad(Scaled<decltype(duet::grad(f))>{1})(x), expected));
    }
  };
  check_seconds(DUET_F(where(x > 0, sqrt(x), 0)), {{0, 0}, {-1, 0}, {4, -1.0 / 32}});
  check_seconds(DUET_F(where(x > 0, x * log(x), 0)), {{0, 0}, {-1, 0}, {2, 0.5}});
  check_seconds(DUET_F(where(x > 0, log(x), x)), {{0, 0}, {-1, 0}, {2, -0.25}});
  check_seconds(DUET_F(where(x < 700, exp(x), x * x)), {{1000, 2}, {0, 1}});
  check_seconds(DUET_F(max(sqrt(x), 1)), {{0, 0}, {4, -1.0 / 32}});
  check_seconds(DUET_F(where(x > 0, sqrt(x), 0) + where(x < 0, sqrt(-x), 0)), {{0, 0}, {-4, -1.0 / 32}});
  check_seconds(DUET_F(abs(x) + relu(x)), {{0, 0}, {1, 0}});
  check_seconds(DUET_F(pow(x, 2) + pow(x, 5)), {{0, 2}, {-1, -18}});
}
