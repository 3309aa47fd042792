// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Forward mode.

#include <array>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>

namespace by_hand {

double slope() {
  // a number with one tangent: the variable of direction 0
  const auto x = duet::Dual<double>::variable(3.0);
  const auto y = x * x + sin(x);
  return y.tangent();  // 2 * 3 + cos(3)
}

double sum_of_slopes() {
  // two directions at once
  using Dual = duet::Dual<double, 2>;
  const Dual x = Dual::variable(2.0, 0), y = Dual::variable(5.0, 1);
  const Dual z = x * y;
  return z.tangent(0) + z.tangent(1);  // 5 + 2
}

}  // namespace by_hand

// Newton's method with any number of steps: branches and loops on values are plain C++ in forward mode.
constexpr auto square_root = [](auto a) {
  auto x = a;
  while (x * x - a > 1e-12 || a - x * x > 1e-12) x = (x + a / x) / 2;
  return x;
};

bool branches() {
  const double d = duet::derivative<1, duet::Forward>(square_root)(2.0);
  return std::abs(d - 1 / (2 * std::sqrt(2.0))) < 1e-6;
}

constexpr auto polar = [](auto r, auto phi) { return std::array{r * cos(phi), r * sin(phi)}; };

bool products() {
  // value and directional derivative in one sweep
  const auto [value, tangent] = duet::jvp(polar, std::tuple(2.0, 0.0), std::tuple(1.0, 0.5));

  // many directions at one point
  const auto [same_value, pushforward] = duet::linearize(polar, std::tuple(2.0, 0.0));
  const auto along_r = pushforward(std::tuple(1.0, 0.0));
  const auto along_phi = pushforward(std::tuple(0.0, 1.0));

  return value == same_value && tangent[0] == along_r[0] + 0.5 * along_phi[0] &&
         tangent[1] == along_r[1] + 0.5 * along_phi[1];
}

// derivatives of any order
constexpr auto cube = [](auto x) { return x * x * x; };
static_assert(duet::derivative(cube)(2.0) == 12);
static_assert(duet::derivative<2>(cube)(2.0) == 12);
static_assert(duet::derivative<3>(cube)(2.0) == 6);
static_assert(duet::derivative<4>(cube)(2.0) == 0);

int main() {
  const bool right = std::abs(by_hand::slope() - (6 + std::cos(3.0))) < 1e-15 && by_hand::sum_of_slopes() == 7 &&
                     branches() && products();
  std::printf("%s\n", right ? "right" : "wrong");
  return right ? 0 : 1;
}
