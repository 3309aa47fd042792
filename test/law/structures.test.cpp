// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structs go through everything that takes numbers: kernels, checkpoints, own rules, counts.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <string>
#include <vector>

#include <duet/duet.hpp>

#include "../../bench/allocations.hpp"
#include "../tree/camera.hpp"

namespace {

using Var = duet::Var<double>;

template <class T>
struct Power {
  T factor;
  int exponent;
  T base;
  bool operator==(const Power&) const = default;
};

constexpr auto power = []<class T>(const Power<T>& p) -> T {
  T y = p.factor;
  for (int i = 0; i < p.exponent; ++i) y = y * p.base;
  return y;
};
constexpr auto scaled = [](const auto& camera) { return camera.focal * camera.rotation[0]; };

}  // namespace

TEST_CASE("a kernel takes structs of variables") {
  const auto k = duet::kernel([]<class T>(const Camera<T>& camera, const T& x) { return scaled(camera) * x; });
  duet::DynamicTape<double> tape;
  const Camera<Var> camera{{tape.variable(2), tape.variable(3), tape.variable(4)}, tape.variable(5)};
  const Var x = tape.variable(7), y = k(camera, x);
  tape.backward(y);
  CHECK(camera.focal.grad() == 14);
  CHECK(camera.rotation[0].grad() == 35);
  CHECK(camera.rotation[1].grad() == 0);
  CHECK(x.grad() == 10);
}

TEST_CASE("a checkpoint takes structs, with members that are no numbers") {
  const auto f = duet::checkpoint(power);
  CHECK(f(Power<double>{2, 3, 5}) == 250);
  CHECK(duet::grad<duet::DynamicTape>(f)(Power<double>{2, 3, 5}) == Power<double>{125, 3, 150});
}

TEST_CASE_TEMPLATE("functions with own rules take structs", P, duet::Forward, duet::StaticTape, duet::DynamicTape<>) {
  const Camera<double> camera{{2, 3, 4}, 5};
  const auto doubled = duet::custom_jvp(scaled, [](const auto& c, const auto& t) {
    return std::pair(scaled(c), 2 * (t.focal * c.rotation[0] + c.focal * t.rotation[0]));
  });
  CHECK(duet::grad<P>(doubled)(camera) == Camera<double>{{10, 0, 0}, 4});
  const auto tripled = duet::custom_vjp(
      scaled, [](const auto& c) { return std::pair(scaled(c), c); },
      [](auto c, const auto& w) {
        c = {{3 * w * c.focal, 0 * w, 0 * w}, 3 * w * c.rotation[0]};
        return c;
      });
  CHECK(duet::grad<P>(tripled)(camera) == Camera<double>{{15, 0, 0}, 6});
}

TEST_CASE("operations are counted") { static_assert(duet::cost<decltype(scaled), Camera<double>>.total() == 1); }

TEST_CASE("nothing is allocated for structs on the static tape and in forward mode, nor are arguments copied") {
  const Camera<double> camera{{2, 3, 4}, 5};
  const std::vector<double> data(100, 2.0);
  const auto f = [](const auto& x, const std::vector<double>& all) { return x * x * all[7]; };
  const std::size_t before = bench::allocations;
  const Camera<double> g = duet::grad(scaled)(camera), h = duet::grad<duet::Forward>(scaled)(camera);
  const double slope = duet::grad(f, duet::wrt<0>)(3.0, data),
               same = duet::grad<duet::Forward>(f, duet::wrt<0>)(3.0, data);
  const double by_name = duet::grad(scaled, duet::wrt<"focal">)(camera);
  CHECK(bench::allocations == before);
  CHECK(g == h);
  CHECK(slope == 12);
  CHECK(same == 12);
  CHECK(by_name == 2);
}
