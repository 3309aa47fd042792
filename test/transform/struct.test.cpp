// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structs of numbers as arguments and results of the transforms.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/accessors.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>
#include <string>
#include <vector>

#include <duet/duet.hpp>

#include "../tree/camera.hpp"

namespace {

using duet::DynamicTape, duet::Forward, duet::StaticTape;
using std::pair, std::tuple;

/// Not described at all.
template <class T>
struct Scene {
  Camera<T> camera;
  pair<T, T> shift;
  T scale;
  bool operator==(const Scene&) const = default;
};

/// Described from outside, in another order.
template <class T>
struct Line {
  T slope, offset;
  bool operator==(const Line&) const = default;
};

/// With members that are not differentiated.
template <class T>
struct Model {
  T amplitude;
  int power;
  T centre;
  std::string name;
  bool operator==(const Model&) const = default;
};

constexpr Scene<double> scene{{{1, 2, 3}, 4}, {5, 6}, 7};

struct Energy {
  template <class T>
  constexpr T operator()(const Scene<T>& s) const {
    const auto& r = s.camera.rotation;
    return s.camera.focal * (r[0] * r[1] + r[2] * r[2]) + s.shift.first * s.shift.second * s.scale * s.scale;
  }
};
constexpr Energy energy;
// by hand
constexpr double value = 4 * (2 + 9) + 5 * 6 * 49;
constexpr Scene<double> gradient{{{8, 4, 24}, 11}, {6 * 49, 5 * 49}, 2 * 7 * 30};

/// The numbers of a scene as an array, and its energy as a function of these.
constexpr std::array<double, 7> flat_scene{1, 2, 3, 4, 5, 6, 7};
constexpr auto flat_energy = []<class T>(const std::array<T, 7>& x) {
  return energy(Scene<T>{{{x[0], x[1], x[2]}, x[3]}, {x[4], x[5]}, x[6]});
};

const auto quadratic = []<class T>(const Model<T>& m) {
  T y = m.amplitude;
  for (int i = 0; i < m.power; ++i) y = y * m.centre;
  return y;
};

}  // namespace

template <class T>
struct boost::hana::accessors_impl<Line<T>> {
  static constexpr auto apply() {
    return make_tuple(make_pair(
                          BOOST_HANA_STRING("offset"), [](auto&& x) -> auto& { return x.offset; }),
                      make_pair(
                          BOOST_HANA_STRING("slope"), [](auto&& x) -> auto& { return x.slope; }));
  }
};

#define POLICIES Forward, StaticTape, DynamicTape<>

TEST_CASE("gradients of structs are structs, in constant expressions too") {
  static_assert(duet::grad(energy)(scene) == gradient);
  static_assert(duet::grad<Forward>(energy)(scene) == gradient);
  static_assert(duet::value_and_grad(energy)(scene) == pair(value, gradient));
}

TEST_CASE_TEMPLATE("the gradient has the struct of the argument on every policy", P, POLICIES) {
  CHECK(duet::grad<P>(energy)(scene) == gradient);
  CHECK(duet::value_and_grad<P>(energy)(scene) == pair(value, gradient));
  const auto [ds, dx] = duet::grad<P>([](const auto& s, const auto& x) { return energy(s) * x; })(scene, 2.0);
  CHECK(dx == value);
  CHECK(ds.scale == 2 * gradient.scale);
  CHECK(duet::grad<P>([](const auto& s, const auto& x) { return energy(s) * x; }, duet::wrt<1>)(scene, 2.0) == value);
}

TEST_CASE_TEMPLATE("members may be described from outside, in another order than they have", P, POLICIES) {
  const auto f = []<class T>(const Line<T>& l) -> T { return l.slope * l.slope * l.offset; };
  CHECK(duet::grad<P>(f)(Line<double>{3, 5}) == Line<double>{30, 9});
  const auto j = duet::jacobian<P>(f)(Line<double>{3, 5});  // in the order of the description
  CHECK(j(0, 0) == 9);
  CHECK(j(0, 1) == 30);
}

TEST_CASE_TEMPLATE("tangents and cotangents have the struct of the point", P, POLICIES) {
  constexpr Scene<double> along{{{1, 0, -1}, 2}, {0.5, 1}, -2};
  const double slope = 8 - 24 + 22 + 3 * 49 + 5 * 49 - 4 * 7 * 30;
  CHECK(duet::jvp<P>(energy, scene, along) == pair(value, slope));
  CHECK(duet::linearize<P>(energy, scene).second(along) == slope);
  const auto [y, pullback] = duet::vjp<P>(energy, scene);
  CHECK(y == value);
  CHECK(pullback(2.0) == Scene<double>{{{16, 8, 48}, 22}, {12 * 49, 10 * 49}, 4 * 7 * 30});
}

TEST_CASE_TEMPLATE("matrices have the order of the leaves", P, POLICIES) {
  CHECK(duet::jacobian<P>(energy)(scene) == duet::jacobian<P>(flat_energy)(flat_scene));
  CHECK(duet::hessian<P>(energy)(scene) == duet::hessian<P>(flat_energy)(flat_scene));
}

TEST_CASE_TEMPLATE("Hessians times directions are those of the numbers in a row", P, POLICIES) {
  constexpr Scene<double> along{{{1, 0, -1}, 2}, {0.5, 1}, -2};
  const std::array<double, 7> h = duet::hvp<P>(flat_energy, flat_scene, std::array<double, 7>{1, 0, -1, 2, 0.5, 1, -2});
  const Scene<double> expected{{{h[0], h[1], h[2]}, h[3]}, {h[4], h[5]}, h[6]};
  CHECK(duet::hvp<P>(energy, scene, along) == expected);
  CHECK(duet::vhp<P>(energy, scene, along) == expected);
}

TEST_CASE_TEMPLATE("results may be structs", P, POLICIES) {
  const auto f = []<class T>(const T& x) { return Scene<T>{{{x, x * x, T(1)}, 2 * x}, {x, x}, T(x * x * x)}; };
  CHECK(duet::jvp<P>(f, 2.0, 1.0).second == Scene<double>{{{1, 4, 0}, 2}, {1, 1}, 12});
  CHECK(duet::jvp<P>(f, 2.0, 1.0).first == Scene<double>{{{2, 4, 1}, 4}, {2, 2}, 8});
  CHECK(duet::vjp<P>(f, 2.0).second(Scene<double>{{{0, 1, 1}, 0}, {0, 2}, 1}) == 18);
  CHECK(duet::derivative<1, P>(f)(2.0).camera.rotation == std::array{1.0, 4.0, 0.0});
}

TEST_CASE_TEMPLATE("gradients of gradients are structs", P, POLICIES) {
  const auto first = []<class T>(const Scene<T>& s) -> T { return duet::grad<P>(energy)(s).camera.focal; };
  CHECK(duet::grad<P>(first)(scene) == Scene<double>{{{2, 1, 6}, 0}, {0, 0}, 0});
  const auto cube = [](const auto& s) { return s.scale * s.scale * s.scale; };
  CHECK(duet::jvp<Forward>(duet::grad<P>(cube), scene, scene).second.scale == 6 * 7 * 7);
}

TEST_CASE_TEMPLATE("members that are not differentiated are passed through and copied into the gradient", P, Forward,
                   DynamicTape<>, duet::BySize) {
  const Model<double> model{2, 3, 5, "cubic"};
  CHECK(duet::grad<P>(quadratic)(model) == Model<double>{125, 3, 150, "cubic"});
  CHECK(duet::value_and_grad<P>(quadratic)(model) == pair(250.0, Model<double>{125, 3, 150, "cubic"}));
  CHECK(duet::jacobian<P>(quadratic)(model).cols() == 2);
  CHECK(duet::hessian<P>(quadratic)(model)(0, 1) == 75);
  const Model<double> along{1, 0, 0, ""};
  CHECK(duet::hvp<P>(quadratic, model, along) == Model<double>{0, 3, 75, "cubic"});
  CHECK(duet::jvp<P>(quadratic, model, along) == pair(250.0, 125.0));
  CHECK(duet::vjp<P>(quadratic, model).second(2.0) == Model<double>{250, 3, 300, "cubic"});
  // in tuples too
  const auto power = []<class T>(const tuple<T, int>& x) { return std::get<1>(x) * std::get<0>(x) * std::get<0>(x); };
  CHECK(duet::grad<P>(power)(tuple(3.0, 4)) == tuple(24.0, 4));
  // beside other arguments
  const auto scaled = [](const auto& m, const auto& a) { return quadratic(m) * a; };
  CHECK(duet::grad<P>(scaled)(model, 2.0) == tuple(Model<double>{250, 3, 300, "cubic"}, 250.0));
}

TEST_CASE("members that are not differentiated take part in constant expressions of forward mode") {
  constexpr auto f = []<class T>(const tuple<T, int, T>& x) -> T {
    return std::get<1>(x) == 2 ? std::get<0>(x) * std::get<2>(x) : T(0);
  };
  static_assert(duet::grad<Forward>(f)(tuple(3.0, 2, 4.0)) == tuple(4.0, 2, 3.0));
}

TEST_CASE("members that are types only don't keep a struct from the static tape") {
  constexpr auto f = []<class T>(const tuple<T, std::integral_constant<int, 2>>& x) {
    return std::get<0>(x) * std::get<0>(x) * std::get<1>(x).value;
  };
  static_assert(duet::grad<StaticTape>(f)(tuple(3.0, std::integral_constant<int, 2>{})) ==
                tuple(12.0, std::integral_constant<int, 2>{}));
}

TEST_CASE("structs that are left out keep their type, whatever it is") {
  struct Settings {
    double rate;
    int count;
  };
  const auto f = [](const auto& x, const Settings& s) { return s.rate * x * x + s.count; };
  CHECK(duet::grad<Forward>(f, duet::wrt<0>)(3.0, Settings{2, 1}) == 12);
  CHECK(duet::grad<DynamicTape>(f, duet::wrt<0>)(3.0, Settings{2, 1}) == 12);
  CHECK(duet::grad(f, duet::wrt<0>)(3.0, Settings{2, 1}) == 12);
}

TEST_CASE("structs with vectors take the dynamic tape") {
  const auto f = []<class T>(const pair<std::vector<Line<T>>, T>& x) {
    T sum = x.second;
    for (const Line<T>& l : x.first) sum = sum + l.slope * l.offset;
    return sum;
  };
  const pair x{std::vector<Line<double>>{{1, 2}, {3, 4}}, 5.0};
  CHECK(duet::grad(f)(x) == pair(std::vector<Line<double>>{{2, 1}, {4, 3}}, 1.0));
  CHECK(duet::grad<Forward>(f)(x) == duet::grad(f)(x));
  CHECK(duet::hvp(f, x, x) == pair(std::vector<Line<double>>{{2, 1}, {4, 3}}, 0.0));
}

TEST_CASE("a callable with state takes structs whose members may have any types") {
  for (double c : {2.0, 3.0}) {
    const auto f = [c](const auto& l) { return c * l.first * l.second; };
    CHECK(duet::grad(f)(pair(5.0, 7.0)) == pair(7 * c, 5 * c));
  }
}
