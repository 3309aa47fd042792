// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Jacobians by elimination of vertices are those of the sweeps, and take fewer operations where functions have a waist.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include <duet/duet.hpp>

#include "../../bench/problem/bundle.hpp"

namespace {

using duet::Mode;
template <std::size_t N>
using Vector = std::array<double, N>;

/// The first row and column and the diagonal of the Jacobian are full.
constexpr auto arrowhead = [](const auto& x) {
  auto y = x;
  y[0] = x[0] * x[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    y[i] = sin(x[i]) * x[0];
    y[0] += x[i] * y[i];
  }
  return y;
};

/// Broyden's banded function with one neighbour to each side.
constexpr auto banded = [](const auto& x) {
  auto y = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    y[i] = x[i] * (2 + 5 * x[i] * x[i]) + 1;
    if (i > 0) y[i] -= x[i - 1] * (1 + x[i - 1]);
    if (i + 1 < x.size()) y[i] -= x[i + 1] * (1 + x[i + 1]);
  }
  return y;
};

/// Where the hand of an arm with six joints is (Denavit-Hartenberg parameters of a usual shape).
struct Arm {
  static constexpr Vector<6> along{0, 0.4, 0.3, 0, 0, 0.1}, offset{0.5, 0, 0, 0.4, 0, 0.1}, cosine{0, 1, 0, 0, 0, 1},
      sine{1, 0, 1, -1, 1, 0};

  template <class T>
  constexpr std::array<T, 3> operator()(const std::array<T, 6>& joint) const {
    using std::cos, std::sin;
    std::array<std::array<T, 3>, 3> axes{};
    std::array<T, 3> hand{T(0.0), T(0.0), T(0.0)};
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) axes[i][j] = T(i == j ? 1.0 : 0.0);
    }
    for (std::size_t k = 0; k < 6; ++k) {
      const T c = cos(joint[k]), s = sin(joint[k]);
      for (std::size_t i = 0; i < 3; ++i) {
        const T x = axes[i][0] * c + axes[i][1] * s, y = axes[i][1] * c - axes[i][0] * s, z = axes[i][2];
        hand[i] = hand[i] + along[k] * x + offset[k] * z;
        axes[i] = {x, cosine[k] * y + sine[k] * z, cosine[k] * z - sine[k] * y};
      }
    }
    return hand;
  }
};

/// The operations of the function with its Jacobian in each mode.
struct Counts {
  int forward, reverse, markowitz, relative, automatic;
  constexpr int swept() const { return std::min(forward, reverse); }
  constexpr int least() const { return std::min({forward, reverse, markowitz, relative}); }
};
template <class F, class W, class... Args>
constexpr Counts counts() {
  using Recording = duet::tape::recording<duet::tape::Flat<F, W, Args...>, 0>;
  using D = duet::tape::Derivatives<Recording, 0>;
  const auto of = []<Mode M>(std::integral_constant<Mode, M>) {
    return duet::graph::count(duet::graph::Frozen<typename D::template Jacobian<M, false>>::graph).total();
  };
  return {of(std::integral_constant<Mode, Mode::forward>()), of(std::integral_constant<Mode, Mode::reverse>()),
          of(std::integral_constant<Mode, Mode::markowitz>()),
          of(std::integral_constant<Mode, Mode::relative_markowitz>()),
          of(std::integral_constant<Mode, Mode::automatic>())};
}

/// Whether two matrices are the same, NaN for NaN, up to rounding.
template <class A, class B>
bool same(const A& a, const B& b) {
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.cols(); ++j) {
      const double x = a(i, j), y = b(i, j);
      const bool equal = x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= 1e-12 * (1 + std::abs(y));
      if (!equal) {
        MESSAGE(i << ", " << j << ": " << x << " is not " << y);
        return false;
      }
    }
  }
  return true;
}

template <int... I, class F, class... X>
void check(F f, duet::Wrt<I...> w, const X&... x) {
  const auto expected = duet::jacobian<duet::Forward>(f, w)(x...);
  CHECK(same(duet::jacobian_by<Mode::markowitz>(f, w)(x...), expected));
  CHECK(same(duet::jacobian_by<Mode::relative_markowitz>(f, w)(x...), expected));
  CHECK(same(duet::jacobian(f, w)(x...), expected));
}

}  // namespace

TEST_CASE("the cheapest way is taken: elimination where many go through few, sweeps where they can't be beaten") {
  constexpr Counts bundle = counts<bench::Bundle, duet::Wrt<0, 1, 2>, Vector<11>, Vector<3>, double, Vector<2>>();
  static_assert(bundle.relative < bundle.swept());
  static_assert(bundle.automatic == bundle.least());
  constexpr Counts arrow = counts<decltype(arrowhead), duet::Wrt<>, Vector<8>>();
  static_assert(arrow.automatic == arrow.least());
  constexpr Counts band = counts<decltype(banded), duet::Wrt<>, Vector<8>>();
  static_assert(band.automatic == band.least());
  constexpr Counts arm = counts<Arm, duet::Wrt<>, Vector<6>>();
  static_assert(arm.relative < arm.swept());
  static_assert(arm.automatic == arm.least());
  for (const auto& [name, c] : {std::pair("bundle adjustment", bundle), std::pair("arrowhead", arrow),
                                std::pair("banded", band), std::pair("six links", arm)}) {
    MESSAGE(std::string(name) << ": forward " << c.forward << ", reverse " << c.reverse << ", Markowitz " << c.markowitz
                              << ", relative " << c.relative);
  }
}

TEST_CASE("Jacobians by elimination are those of duals") {
  check(bench::Bundle{}, duet::wrt<0, 1, 2>, Vector<11>{0.1, -0.2, 0.3, 0.5, -0.4, 0.2, 500, 3, -7, 0.01, -0.001},
        Vector<3>{1, -2, 9}, 0.8, Vector<2>{10, 20});
  check(arrowhead, duet::wrt<>, Vector<5>{0.5, -1, 2, 0.3, -0.7});
  check(banded, duet::wrt<>, Vector<5>{0.5, -1, 2, 0.3, -0.7});
  check(Arm{}, duet::wrt<>, Vector<6>{0.5, -1, 2, 0.3, -0.7, 1.1});
}

TEST_CASE("outputs may be used by other outputs, be variables, numbers or each other") {
  check(
      [](auto x, auto y) {
        const auto p = x * y, q = sin(p) + x, r = exp(q) * p;
        return std::tuple(r, p, p, x, -q, duet::floor(y), 3.0 + 0 * x, y * y, p * q * r);
      },
      duet::wrt<>, 0.6, -1.3);
}

TEST_CASE("what an untaken branch has of infinities does not leak through an elimination") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto f = [](auto x, auto y) {
    const auto root = where(x > 0.0, sqrt(x), 0), logarithm = where(y > 0.0, log(y), x), a = max(root, y);
    const auto scaled = logarithm / (x + 3), through = exp(where(x > 0.0, log(x) * y, y)), b = root * logarithm + a;
    return std::array{root + scaled, scaled * through, a * through, b, where(b > 1.0, b / (x * x + 1), sqrt(b + 9))};
  };
  for (double x : {0.0, -1.0, 2.0, 0.5}) {
    for (double y : {0.0, -1.0, 2.0, 1.0}) check(f, duet::wrt<>, x, y);
  }
  const auto reciprocal = [](auto x, auto y) {
    const auto u = where(x != 0, 1 / x, x) * y, v = 1 / where(y > 0.0, y, 1);
    return std::array{u * v, u + v, where(u < 5, u * u, v)};
  };
  for (double x : {0.0, 2.0, inf}) {
    for (double y : {0.0, -1.0, 2.0}) check(reciprocal, duet::wrt<>, x, y);
  }
}

TEST_CASE("an elimination that grows beyond its bounds is given up") {
  using Recording = duet::tape::recording<duet::tape::Flat<Arm, duet::Wrt<>, Vector<6>>, 0>;
  const auto& g = duet::graph::Frozen<Recording>::graph;
  const auto eliminated = [&](int most) {
    return duet::graph::with_jacobian(g, Recording::variables, Mode::markowitz, false, 0, most);
  };
  CHECK(eliminated(20).outputs.empty());
  CHECK(eliminated(20).nodes.empty());
  CHECK(eliminated(2000).outputs.size() == 3 + 3 * 6);
}

TEST_CASE("Jacobians by elimination are constant expressions") {
  constexpr auto f = [](auto x, auto y) {
    const auto p = x * y;
    return std::array{p * x, p + y, p * p};
  };
  constexpr auto j = duet::jacobian_by<Mode::relative_markowitz>(f)(2.0, 3.0);
  static_assert(j(0, 0) == 12 && j(0, 1) == 4 && j(1, 0) == 3 && j(1, 1) == 3 && j(2, 0) == 36 && j(2, 1) == 24);
}
