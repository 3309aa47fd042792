// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Transforms of functions whose course and sizes are only known at run time.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>
#include <vector>

// A pendulum with friction, until it has lost its swing: how many steps that takes depends on the numbers.
constexpr auto last_angle = []<class T>(const T& angle, const T& friction) {
  T a = angle, speed = 0;
  do {
    speed += 0.1 * (-sin(a) - friction * speed);
    a += 0.1 * speed;
  } while (abs(a) + abs(speed) > 0.1);
  return a;
};

// Of a vector, and giving one.
constexpr auto weighted_squares = []<class T>(const std::vector<T>& x, const T& a) {
  std::vector<T> y;
  for (const T& each : x) y.push_back(a * each * each);
  return y;
};

int main() {
  // The policy DynamicTape: loops, branches and recursion may depend on values.
  const auto slopes = duet::grad<duet::DynamicTape>(last_angle)(0.5, 0.8);
  const auto same = duet::grad<duet::Forward>(last_angle)(0.5, 0.8);
  const bool agree = std::abs(std::get<1>(slopes) - std::get<1>(same)) < 1e-14;

  // Arguments of run-time size need no policy; the matrix has the same interface.
  const auto point = std::tuple(std::vector{1.0, 2.0, 3.0}, 0.5);
  const auto j = duet::jacobian(weighted_squares)(std::get<0>(point), std::get<1>(point));
  const bool sizes = j.rows() == 3 && j.cols() == 4;
  const bool elements = j(1, 1) == 2 && j(1, 3) == 4 && j(1, 0) == 0;

  // The pullback keeps the tape: it is called many times, and the function runs once.
  const auto [value, pullback] = duet::vjp(weighted_squares, point);
  const auto [dx, da] = pullback(std::vector{1.0, 0.0, 1.0});
  const bool pulled = dx == std::vector{1.0, 0.0, 3.0} && da == 10;

  std::printf("d(last angle)/d(friction) = %.3f, J(1, 1) = %.3f, da = %.3f\n", std::get<1>(slopes), j(1, 1), da);
  return agree && sizes && elements && value[2] == 4.5 && pulled ? 0 : 1;
}
