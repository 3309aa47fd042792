// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Derivatives with respect to parts of arguments, by name.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <string>
#include <vector>

#include <duet/duet.hpp>

#include "../tree/camera.hpp"

namespace {

using duet::wrt, std::pair, std::tuple;

template <class T>
struct Scene {
  BOOST_HANA_DEFINE_STRUCT(Scene, (Camera<T>, camera), (T, scale));
  bool operator==(const Scene&) const = default;
};
template <class T>
struct Point {
  T x, y;
  bool operator==(const Point&) const = default;
};
template <class T>
struct Power {
  BOOST_HANA_DEFINE_STRUCT(Power, (T, base), (int, exponent), (std::vector<T>, weights));
};

constexpr Scene<double> scene{{{1, 2, 3}, 4}, 5};
constexpr auto energy = []<class T>(const Scene<T>& s) {
  const auto& r = s.camera.rotation;
  return s.camera.focal * (r[0] * r[1] + r[2] * r[2]) * s.scale * s.scale;
};
constexpr double value = 4 * 11 * 25;

}  // namespace

TEST_CASE_TEMPLATE("a gradient with respect to a part has the structure of the part", P, duet::Forward,
                   duet::StaticTape) {
  static_assert(duet::grad<P>(energy, wrt<"scale">)(scene) == 2 * 44 * 5);
  static_assert(duet::grad<P>(energy, wrt<"camera">)(scene) == Camera<double>{{200, 100, 600}, 275});
  static_assert(duet::grad<P>(energy, wrt<"camera.rotation">)(scene) == std::array{200.0, 100.0, 600.0});
  static_assert(duet::grad<P>(energy, wrt<"camera.rotation[2]">)(scene) == 600);
  static_assert(duet::grad<P>(energy, wrt<"scale", "camera.focal">)(scene) == tuple(440.0, 275.0));
  static_assert(duet::value_and_grad<P>(energy, wrt<"camera.focal">)(scene) == pair(value, 275.0));
}

TEST_CASE_TEMPLATE("parts may be named on every policy", P, duet::Forward, duet::StaticTape, duet::DynamicTape<>) {
  CHECK(duet::grad<P>(energy, wrt<"camera.rotation">)(scene) == std::array{200.0, 100.0, 600.0});
  CHECK(duet::jacobian<P>(energy, wrt<"camera.focal", "scale">)(scene)(0, 1) == 440);
  CHECK(duet::jacfwd<P>(energy, wrt<"scale">)(scene)(0, 0) == 440);
  CHECK(duet::jacrev<P>(energy, wrt<"scale">)(scene)(0, 0) == 440);
  CHECK(duet::value_and_jacobian<P>(energy, wrt<"scale">)(scene).second(0, 0) == 440);
  const auto h = duet::hessian<P>(energy, wrt<"camera.focal", "scale">)(scene);
  CHECK(h(0, 0) == 0);
  CHECK(h(0, 1) == 110);
  CHECK(h(1, 0) == 110);
  CHECK(h(1, 1) == 88);
}

TEST_CASE_TEMPLATE("second derivatives with respect to parts", P, duet::Forward, duet::StaticTape,
                   duet::DynamicTape<>) {
  constexpr auto parts = wrt<"camera.focal", "scale">;
  const auto [y, gradient, hessian] = duet::value_grad_hessian<P>(energy, parts)(scene);
  CHECK(y == value);
  CHECK(gradient == tuple(275.0, 440.0));
  CHECK(hessian.elements == std::array{0.0, 110.0, 110.0, 88.0});
  CHECK(duet::hessian<P>(energy, parts)(scene) == hessian);
  CHECK(duet::hessian_diagonal<P>(energy, parts)(scene) == tuple(0.0, 88.0));
}

TEST_CASE("of several arguments that one is meant which has the name, or the one whose position is given") {
  constexpr auto f = []<class T, class U>(const Scene<T>& s, const Point<U>& p, const U& a) {
    return energy(s) * p.x + a * p.y;
  };
  static_assert(duet::grad(f, wrt<"scale">)(scene, Point<double>{2, 3}, 7.0) == 880);
  static_assert(duet::grad(f, wrt<"[1][1]">)(scene, Point<double>{2, 3}, 7.0) == 7);
  static_assert(duet::grad(f, wrt<"[1]", "scale">)(scene, Point<double>{2, 3}, 7.0) ==
                tuple(Point<double>{value, 7}, 880.0));
  static_assert(duet::grad(f, wrt<"[2]">)(scene, Point<double>{2, 3}, 7.0) == 3);
}

TEST_CASE("members without names are named by position") {
  constexpr auto f = []<class T>(const Point<Point<T>>& p) { return p.x.y * p.y.x; };
  static_assert(duet::grad(f, wrt<"[0][1]">)(Point<Point<double>>{{1, 2}, {3, 4}}) == 3);
  static_assert(duet::grad(f, wrt<"[1]">)(Point<Point<double>>{{1, 2}, {3, 4}}) == Point<double>{2, 0});
}

TEST_CASE("other members may be of any type and size") {
  const auto f = []<class T>(const Power<T>& p) {
    T y = p.weights[0];
    for (int i = 0; i < p.exponent; ++i) y = y * p.base;
    return y;
  };
  const Power<double> power{3, 2, {5, 0}};
  CHECK(duet::grad(f, wrt<"base">)(power) == 30);
  CHECK(duet::grad(f, wrt<"weights">)(power) == std::vector{9.0, 0.0});
  CHECK(duet::grad<duet::Forward>(f, wrt<"base", "weights">)(power) == tuple(30.0, std::vector{9.0, 0.0}));
}

TEST_CASE("a derivative by name can be differentiated again") {
  constexpr auto slope = []<class T>(const Scene<T>& s) { return duet::grad(energy, wrt<"camera.focal">)(s); };
  static_assert(duet::grad(slope, wrt<"scale">)(scene) == 110);
  CHECK(duet::grad<duet::DynamicTape>(slope, wrt<"scale">)(scene) == 110);
  double factor = 3;
  const auto scaled = [&]<class T>(const Scene<T>& s) -> T { return factor * energy(s); };
  CHECK(duet::grad<duet::DynamicTape>(scaled, wrt<"scale">)(scene) == 3 * 440);
}
