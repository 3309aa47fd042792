// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Dual is a number: it computes, compares, converts and prints like one, and carries the derivative along.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <type_traits>
#include <utility>

#if __has_include(<xsimd/xsimd.hpp>)
#include <xsimd/xsimd.hpp>
#endif

#include <duet/forward/dual.hpp>

namespace {

using duet::Dual;
using duet::operator""_c;

template <int N>
using Directions = std::integral_constant<int, N>;

template <class D>
D sample(double primal, double scale) {
  D x(primal);
  for (int i = 0; i < D::directions; ++i) x = x + scale * (i + 1) * (D::variable(0.0, i));
  return x;
}

template <class D>
void check_tangents(const D& x, auto expected) {
  for (int i = 0; i < D::directions; ++i) {
    CAPTURE(i);
    CHECK(x.tangent(i) == doctest::Approx(expected(i)).epsilon(1e-14));
  }
}

// With nested duals the k-th derivative is the tangent of the tangent of ...
using First = Dual<double>;
using Second = Dual<First>;
using Third = Dual<Second>;

constexpr Second second(double x) { return Second::variable(First::variable(x)); }
constexpr Third third(double x) { return Third::variable(second(x)); }

void check_third_order(auto f, double x, std::array<double, 4> expected) {
  const Third y = f(third(x));
  CHECK(y.primal().primal().primal() == doctest::Approx(expected[0]).epsilon(1e-14));
  CHECK(y.tangent().primal().primal() == doctest::Approx(expected[1]).epsilon(1e-14));
  CHECK(y.primal().tangent().primal() == doctest::Approx(expected[1]).epsilon(1e-14));
  CHECK(y.primal().primal().tangent() == doctest::Approx(expected[1]).epsilon(1e-14));
  CHECK(y.tangent().tangent().primal() == doctest::Approx(expected[2]).epsilon(1e-13));
  CHECK(y.tangent().primal().tangent() == doctest::Approx(expected[2]).epsilon(1e-13));
  CHECK(y.tangent().tangent().tangent() == doctest::Approx(expected[3]).epsilon(1e-13));
}

}  // namespace

TEST_CASE_TEMPLATE("sums, products and quotients follow their rules in every direction", N, Directions<1>,
                   Directions<3>, Directions<9>, Directions<15>) {
  using D = Dual<double, N::value>;
  const D x = sample<D>(3.0, 0.5), y = sample<D>(-1.25, 2.0);
  const auto dx = [&](int i) { return x.tangent(i); };
  const auto dy = [&](int i) { return y.tangent(i); };
  CHECK((x + y).primal() == 1.75);
  check_tangents(x + y, [&](int i) { return dx(i) + dy(i); });
  CHECK((x - y).primal() == 4.25);
  check_tangents(x - y, [&](int i) { return dx(i) - dy(i); });
  CHECK((x * y).primal() == -3.75);
  check_tangents(x * y, [&](int i) { return dx(i) * -1.25 + 3 * dy(i); });
  CHECK((x / y).primal() == -2.4);
  check_tangents(x / y, [&](int i) { return (dx(i) * -1.25 - 3 * dy(i)) / (1.25 * 1.25); });
  check_tangents(-x, [&](int i) { return -dx(i); });
  check_tangents(+x, dx);
}

TEST_CASE_TEMPLATE("in-place operators equal the binary ones, aliased operands included", N, Directions<1>,
                   Directions<3>, Directions<9>, Directions<15>) {
  using D = Dual<double, N::value>;
  const D x = sample<D>(3.0, 0.5), y = sample<D>(-1.25, 2.0);
  const auto same = [](const D& a, const D& b) { return a.primal() == b.primal() && a.tangents() == b.tangents(); };
  D z = x;
  CHECK(same(z += y, x + y));
  CHECK(same(z -= y, x + y - y));
  z = x;
  CHECK(same(z *= y, x * y));
  CHECK(same(z /= y, x * y / y));
  z = x;
  CHECK(same(z *= z, x * x));
  z = x;
  CHECK(same(z -= z, x - x));
  z = x;
  CHECK(same(z += 2, x + 2));
  CHECK(same(z *= 0.5f, (x + 2) * 0.5));
  CHECK(same(z /= 4_c, (x + 2) * 0.5 / 4));
}

TEST_CASE("comparisons act on the primal and ignore tangents") {
  const Dual<double> a(2.0, 7.0), b(2.0, -7.0), c(3.0, 0.0);
  CHECK(a == b);
  CHECK_FALSE(a != b);
  CHECK(a <= b);
  CHECK(a >= b);
  CHECK_FALSE(a < b);
  CHECK(a < c);
  CHECK(c > a);
  CHECK(a < 3);
  CHECK(1.5f < a);
  CHECK(a == 2_c);
  static_assert(std::is_same_v<decltype(a < b), bool>);
  const Second nested(First(2.0, 1.0), First(5.0, 1.0));
  CHECK(nested == a);
  CHECK(nested < 2.5);
}

TEST_CASE("constants of every arithmetic type are plain constants and do not change the type") {
  const Dual<float> x(0.5f, 2.0f);
  static_assert(std::is_same_v<decltype(2 * x), Dual<float>>);
  static_assert(std::is_same_v<decltype(2.0 * x), Dual<float>>);
  static_assert(std::is_same_v<decltype(x / 2_c), Dual<float>>);
  static_assert(std::is_same_v<decltype(x - 1u), Dual<float>>);
  static_assert(std::is_same_v<decltype(pow(x, 2)), Dual<float>>);
  CHECK((2 * x).tangent() == 4);
  CHECK((2.0 * x).tangent() == 4);
  CHECK((2.f * x).tangent() == 4);
  CHECK((2_c * x).tangent() == 4);
  CHECK((2u * x).tangent() == 4);
  CHECK((1 / x).tangent() == -8);
  CHECK((x - 1u).primal() == -0.5f);
  CHECK(pow(x, 2).tangent() == 2);
}

TEST_CASE("passive values convert to constants, and assignment drops old tangents") {
  Dual<double, 3> x = Dual<double, 3>::variable(1.0, 2);
  CHECK(x.tangents() == std::array{0.0, 0.0, 1.0});
  x = 4;
  CHECK(x.primal() == 4);
  CHECK(x.tangents() == std::array<double, 3>{});
  x = 2.5f;
  CHECK(x.primal() == 2.5);
  x = 3_c;
  CHECK(x.primal() == 3);
  CHECK(Dual<double>().primal() == 0);
  CHECK(Dual<double>().tangent() == 0);
  const Second nested = 1.5;
  CHECK(nested.primal().primal() == 1.5);
  CHECK(nested.tangent().primal() == 0);
  const Second lifted = First(1.5, 2.0);
  CHECK(lifted.primal().tangent() == 2);
  CHECK(lifted.tangent().primal() == 0);
  const Dual<double> wide = Dual<float>(0.5f, 2.0f);
  CHECK(wide.primal() == 0.5);
  CHECK(wide.tangent() == 2);
  static_assert(std::is_same_v<std::common_type_t<Dual<double, 3>, float>, Dual<double, 3>>);
  static_assert(std::is_same_v<std::common_type_t<int, Dual<double, 3>>, Dual<double, 3>>);
  static_assert(!std::is_convertible_v<Dual<double>, double>);
}

TEST_CASE("a dual consists of the bytes of its numbers") {
  static_assert(std::is_trivially_copyable_v<Dual<double>>);
  static_assert(std::is_trivially_copyable_v<Third>);
  static_assert(std::is_standard_layout_v<Dual<float, 15>> && std::is_trivially_destructible_v<Dual<float, 15>>);
  static_assert(duet::op::is_bytes<Dual<float, 15>> && duet::op::is_bytes<Dual<Dual<double, 3>, 2>>);
  static_assert(sizeof(Dual<double, 9>) == 10 * sizeof(double));
  static_assert(sizeof(Dual<float>) == 2 * sizeof(float));
}

TEST_CASE_TEMPLATE("a copy has all directions, in chunks or one by one", T, float, double) {
  const auto copies_all = []<int N>(std::integral_constant<int, N>) {
    std::array<T, N> tangents;
    for (int i = 0; i < N; ++i) tangents[i] = T(i + 1);
    const Dual<T, N> x(T(0.5), tangents);
    const Dual<T, N> constructed = x;
    Dual<T, N> assigned, again;
    again = assigned = x;
    const Dual<T, N>& same = again;
    again = same;
    const auto equals = [&](const Dual<T, N>& y) { return y.primal() == x.primal() && y.tangents() == x.tangents(); };
    return equals(constructed) && equals(assigned) && equals(again);
  };
  const auto check = [&]<int... N>(std::integer_sequence<int, N...>) {
    CHECK((copies_all(std::integral_constant<int, N + 1>()) && ...));
    static_assert((copies_all(std::integral_constant<int, N + 1>()) && ...));
  };
  check(std::make_integer_sequence<int, 17>());
}

TEST_CASE("numeric_limits are those of the scalar") {
  using Limits = std::numeric_limits<Dual<double, 3>>;
  static_assert(Limits::is_specialized && !Limits::is_integer && Limits::is_signed && Limits::has_infinity);
  static_assert(Limits::digits == 53 && Limits::epsilon() == std::numeric_limits<double>::epsilon());
  static_assert(std::numeric_limits<Third>::max() == std::numeric_limits<double>::max());
}

TEST_CASE("output shows the primal and the tangents") {
  std::ostringstream out;
  out << Dual<double, 2>(1.5, {2.0, -3.0}) << "; " << Second(First(1, 2), First(3, 4));
  CHECK(out.str() == "1.5 + (2, -3)eps; 1 + (2)eps + (3 + (4)eps)eps");
  std::wostringstream wide;
  wide << Dual<float>(0.5f, 2.0f);
  CHECK(wide.str() == L"0.5 + (2)eps");
}

TEST_CASE("nesting gives exact derivatives to third order") {
  const double x = 0.7, s = std::sin(x), c = std::cos(x), e = std::exp(x), t = std::tanh(x), u = 1 - t * t;
  check_third_order([](auto a) { return sin(a); }, x, {s, c, -s, -c});
  check_third_order([](auto a) { return exp(a); }, x, {e, e, e, e});
  check_third_order([](auto a) { return log(a); }, x, {std::log(x), 1 / x, -1 / (x * x), 2 / (x * x * x)});
  check_third_order([](auto a) { return a * a * a * a; }, x, {x * x * x * x, 4 * x * x * x, 12 * x * x, 24 * x});
  check_third_order([](auto a) { return 1 / a; }, x, {1 / x, -1 / (x * x), 2 / (x * x * x), -6 / (x * x * x * x)});
  check_third_order([](auto a) { return pow(a, 2.5); }, x,
                    {std::pow(x, 2.5), 2.5 * std::pow(x, 1.5), 3.75 * std::pow(x, 0.5), 1.875 * std::pow(x, -0.5)});
  check_third_order([](auto a) { return tanh(a); }, x, {t, u, -2 * t * u, u * (6 * t * t - 2)});
  check_third_order([](auto a) { return sin(a) * exp(a); }, x, {s * e, e * (s + c), 2 * e * c, 2 * e * (c - s)});
  check_third_order([](auto a) { return square(a) * a; }, x, {x * x * x, 3 * x * x, 6 * x, 6});
}

TEST_CASE("integers beside nested duals are numbers in the rules, too: 1 / 4 is no 0") {
  using Second = Dual<Dual<double>>;
  const Second x(Dual<double>(3, 1), Dual<double>(1, 0));
  const Second quotient = x * x / 4, literal = x * x / 4_c;
  CHECK(quotient.tangent().primal() == 1.5);
  CHECK(quotient.tangent().tangent() == 0.5);
  CHECK(literal.tangent().primal() == 1.5);
  CHECK(literal.tangent().tangent() == 0.5);
}

TEST_CASE("duals of different tags nest instead of mixing their tangents") {
  struct Outer;
  struct Inner;
  using O = Dual<double, 1, Outer>;
  using I = Dual<double, 1, Inner>;
  const O x = O::variable(1.0);
  const I y = I::variable(1.0);
  // d/dx (x d/dy (x + y)) = 1; with mixed tangents it would be 2
  const auto inner = duet::level::tangent<I>(x + y, 0);
  const auto outer = duet::level::tangent<O>(x * inner, 0);
  CHECK(outer == 1);

  const auto value = [](const auto& z) { return duet::level::primal<I>(duet::level::primal<O>(z)); };
  const auto dx = [](const auto& z) { return duet::level::primal<I>(duet::level::tangent<O>(z, 0)); };
  const auto dy = [](const auto& z) { return duet::level::tangent<I>(duet::level::primal<O>(z), 0); };
  const auto mixed = [](const auto& z) { return duet::level::tangent<I>(duet::level::tangent<O>(z, 0), 0); };
  const O a = O::variable(0.6);
  const I b = I::variable(1.7);
  const auto check = [&](const auto& z) {  // z = sin(a b)
    CHECK(value(z) == doctest::Approx(std::sin(1.02)));
    CHECK(dx(z) == doctest::Approx(1.7 * std::cos(1.02)));
    CHECK(dy(z) == doctest::Approx(0.6 * std::cos(1.02)));
    CHECK(mixed(z) == doctest::Approx(std::cos(1.02) - 1.02 * std::sin(1.02)));
  };
  check(sin(a * b));
  check(sin(b * a));
  check(sin(a * b) + 0 * a);
  check(0 * b + sin(b * a));
}

TEST_CASE("derivatives are constants of the program") {
  using D = Dual<double, 2>;
  constexpr auto f = [](auto x, auto y) {
    auto sum = 0 * x;
    for (int i = 1; i <= 3; ++i) sum += pow(x, i) * y;
    return sum / 2_c;
  };
  constexpr D z = f(D::variable(2.0, 0), D::variable(3.0, 1));
  static_assert(z.primal() == 21);
  static_assert(z.tangent(0) == 1.5 * (1 + 2 * 2 + 3 * 4));
  static_assert(z.tangent(1) == 7);
  static_assert(exp(Dual<double>::variable(0.0)).tangent() == 1);
  static_assert(sqrt(Dual<double>::variable(4.0)).tangent() == 0.25);
  static_assert(log(second(2.0)).tangent().tangent() == -0.25);
}

TEST_CASE("names brought in from std give way to those of Duet") {
  using std::clamp, std::max, std::min, std::abs, std::fabs, std::sin, std::pow, std::sqrt;
  const Dual<double> x(2.0, 1.0), y(2.0, 5.0);
  // std::max would return x, whose tangent is 1; a tie shares the derivative
  CHECK(max(x, y).tangent() == 3);
  CHECK(min(x, y).tangent() == 3);
  CHECK(max(x, 3.0).tangent() == 0);
  CHECK(min(1, x).tangent() == 0);
  CHECK(clamp(x, Dual<double>(2.0), Dual<double>(9.0)).tangent() == 0.5);
  CHECK(abs(-x).tangent() == 1);
  CHECK(fabs(-x).tangent() == 1);
  CHECK(sin(x).tangent() == std::cos(2.0));
  CHECK(pow(x, 3).tangent() == 12);
  CHECK(pow(2.0, x).tangent() == doctest::Approx(4 * std::log(2.0)));
  CHECK(sqrt(Dual<double>(4.0, 1.0)).tangent() == 0.25);
}

TEST_CASE("classification looks at the primal") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(isfinite(Dual<double>(1.0, inf)));
  CHECK(isinf(Dual<double>(inf, 0.0)));
  CHECK(isnan(Second(First(nan, 0.0), First(0.0))));
  CHECK_FALSE(isnan(Dual<double>(1.0, nan)));
}

TEST_CASE("a partial derivative that is zero, but has derivatives, is no untaken side") {
  using Second = Dual<Dual<double>>;
  using Fourth = Dual<Dual<Second>>;
  // d^4/(dx^2 dy^2) sqrt(1 + x^2 y^2) = 2 at the origin
  const Fourth x(Dual<Second>(Second(Dual<double>(0.0, 1.0), Dual<double>(1.0))));
  const Fourth y(Dual<Second>(Second(0.0), Second(1.0)), Dual<Second>(Second(1.0)));
  CHECK(hypot(x * y, 1.0).tangent().tangent().tangent().tangent() == doctest::Approx(2).epsilon(1e-14));
}

#if __has_include(<xsimd/xsimd.hpp>)
TEST_CASE("duals of duals have batches, with rows whose derivatives are zero or infinite somewhere") {
  using B = xsimd::batch<double>;
  const auto f = []<class X>(const X& x) { return sqrt(x) * abs(x) + hypot(x - 1, x * 0 + 2) + relu(x); };
  double at[B::size];
  for (std::size_t i = 0; i < B::size; ++i) at[i] = 0.5 + static_cast<double>(i);
  using Second = Dual<Dual<B>>;
  const Second y = f(Second(Dual<B>(B::load_unaligned(at), B(1)), Dual<B>(B(1))));
  double curvature[B::size];
  y.tangent().tangent().store_unaligned(curvature);
  for (std::size_t i = 0; i < B::size; ++i) {
    const Dual<Dual<double>> lane = f(Dual<Dual<double>>(Dual<double>(at[i], 1.0), Dual<double>(1.0)));
    CHECK(curvature[i] == doctest::Approx(lane.tangent().tangent()).epsilon(1e-14));
  }
}

TEST_CASE_TEMPLATE("on SIMD batches every lane is the dual of that lane", T, float, double) {
  using B = xsimd::batch<T>;
  const auto f = []<class X>(const X& x, const X& y) {
    X z = 2 * x - y / 3.0;
    z += sin(x) * exp(y) + sqrt(x + 4) - pow(x + 3, y);
    z -= tanh(x) * hypot(x, y) + relu(y) * abs(x);
    return where(x < y, z, max(z, x) * log(x + 5)) + atan2(x, y + 4);
  };
  T x[B::size], y[B::size];
  for (std::size_t i = 0; i < B::size; ++i) {
    x[i] = T(-1.2) + T(0.7) * T(i);
    y[i] = T(0.9) - T(0.5) * T(i);
  }
  using Wide = Dual<B, 2>;
  using Narrow = Dual<T, 2>;
  const Wide z = f(Wide::variable(B::load_unaligned(x), 0), Wide::variable(B::load_unaligned(y), 1));
  T primal[B::size], dx[B::size], dy[B::size];
  z.primal().store_unaligned(primal);
  z.tangent(0).store_unaligned(dx);
  z.tangent(1).store_unaligned(dy);
  for (std::size_t i = 0; i < B::size; ++i) {
    CAPTURE(i);
    const Narrow lane = f(Narrow::variable(x[i], 0), Narrow::variable(y[i], 1));
    const double tolerance = 64 * double(std::numeric_limits<T>::epsilon());
    CHECK(primal[i] == doctest::Approx(lane.primal()).epsilon(tolerance));
    CHECK(dx[i] == doctest::Approx(lane.tangent(0)).epsilon(tolerance));
    CHECK(dy[i] == doctest::Approx(lane.tangent(1)).epsilon(tolerance));
  }
}
#endif
