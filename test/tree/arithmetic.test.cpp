// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Structures as vectors, and as rows of numbers with names.
#include <doctest/doctest.h>

#include <array>
#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <string>
#include <vector>

#include <duet/duet.hpp>

namespace {

using std::pair, std::tuple;

template <class T>
struct Camera {
  BOOST_HANA_DEFINE_STRUCT(Camera, (std::array<T, 3>, rotation), (T, focal), (int, width));
  bool operator==(const Camera&) const = default;
};
template <class T>
struct Scene {
  BOOST_HANA_DEFINE_STRUCT(Scene, (std::string, title), (Camera<T>, camera), (std::vector<T>, depths),
                           (pair<T, bool>, light));
  bool operator==(const Scene&) const = default;
};

const Scene<double> scene{"desk", {{1, 2, 3}, 4, 640}, {5, 6}, {7, true}};
const Scene<double> other{"other", {{10, 20, 30}, 40, 1}, {50, 60}, {70, false}};

constexpr Camera<double> camera{{1, 2, 3}, 4, 640};

}  // namespace

TEST_CASE("structures are added, subtracted and scaled leaf by leaf") {
  using namespace duet::structure_operators;
  CHECK(scene + other == Scene<double>{"desk", {{11, 22, 33}, 44, 640}, {55, 66}, {77, true}});
  CHECK(scene - 0.5 * other == Scene<double>{"desk", {{-4, -8, -12}, -16, 640}, {-20, -24}, {-28, true}});
  CHECK(-scene == -1 * scene);
  CHECK(scene * 2 / 2 == scene);
  static_assert(camera + camera == 2 * camera);
  static_assert(std::array{1.0, 2.0} - std::array{3.0, 5.0} == std::array{-2.0, -3.0});
}

TEST_CASE("axpy is a x + y, with what is no number from y") {
  CHECK(duet::axpy(2, scene, other) == Scene<double>{"other", {{12, 24, 36}, 48, 1}, {60, 72}, {84, false}});
  static_assert(duet::axpy(-1.0, camera, camera) == Camera<double>{{}, 0, 640});
}

TEST_CASE("dot and norm take all leaves") {
  CHECK(duet::dot(scene, other) == 10 * (1 + 4 + 9 + 16 + 25 + 36 + 49));
  CHECK(duet::norm(scene) == std::sqrt(140.0));
  static_assert(duet::norm(std::pair(3.0, std::tuple(4.0f, 2, true))) == 5);
  static_assert(duet::norm(std::array{0.0, 0.0}) == 0);
}

TEST_CASE("map_leaves maps the leaves of several structures together") {
  const auto larger = duet::map_leaves([](double a, double b) { return a > b ? a : b; }, scene, other);
  CHECK(larger == Scene<double>{"desk", {{10, 20, 30}, 40, 640}, {50, 60}, {70, true}});
  const auto third = duet::map_leaves([](double a, double b, double c) { return a + b * c; }, camera, camera, camera);
  CHECK(third == Camera<double>{{2, 6, 12}, 20, 640});
  CHECK(duet::map_leaves([](double a) { return float(a); }, camera) == Camera<float>{{1, 2, 3}, 4, 640});
}

TEST_CASE_TEMPLATE("norms and products of structures are differentiated", P, duet::Forward, duet::StaticTape,
                   duet::DynamicTape<>) {
  using Pair = pair<double, std::array<double, 2>>;
  const auto f = [](const auto& x) { return duet::norm(x); };
  CHECK(duet::grad<P>(f)(Pair{2, {4, 4}}) == Pair{2.0 / 6, {4.0 / 6, 4.0 / 6}});
  CHECK(duet::grad<P>(f)(Pair{0, {0, 0}}) == Pair{0, {0, 0}});
  const auto g = [](const auto& x, const auto& y) { return duet::dot(duet::axpy(3, x, y), y); };
  CHECK(duet::grad<P>(g)(Pair{1, {2, 3}}, Pair{4, {5, 6}}) ==
        tuple(Pair{12, {15, 18}}, Pair{2 * 4 + 3, {2 * 5 + 3 * 2, 2 * 6 + 3 * 3}}));
}

TEST_CASE("sizes that don't fit are an error that names the place") {
  Scene<double> smaller = other;
  smaller.depths.pop_back();
  CHECK_THROWS_WITH_AS(duet::axpy(1, smaller, scene),
                       "duet: structures that are combined leaf by leaf must have the same sizes (at depths: size 1 "
                       "instead of 2)",
                       duet::ShapeError);
  const auto sum = [](const auto& s) {
    auto all = s.light.first;
    for (const auto& depth : s.depths) all = all + depth;
    return all;
  };
  CHECK_THROWS_WITH_AS(duet::jvp<duet::DynamicTape>(sum, scene, smaller),
                       "duet: the tangents must have the sizes of the primals (at depths: size 1 instead of 2)",
                       duet::ShapeError);
  const std::vector<std::vector<double>> nested{{1}, {2, 3}}, ragged{{1}, {2}};
  CHECK_THROWS_WITH_AS(duet::dot(nested, ragged), doctest::Contains("(at [1]: size 1 instead of 2)"), duet::ShapeError);
  CHECK_THROWS_AS(duet::dot(nested, std::vector<std::vector<double>>(1)), duet::ShapeError);
}

TEST_CASE("a structure and the row of its leaves are made from one another") {
  const std::vector<double> row = duet::flatten(scene);
  CHECK(row == std::vector<double>{1, 2, 3, 4, 5, 6, 7});
  CHECK(duet::unflatten(scene, row) == scene);
  CHECK(duet::unflatten(other, row) == Scene<double>{"other", {{1, 2, 3}, 4, 1}, {5, 6}, {7, false}});
  CHECK(duet::flatten(2.5) == std::vector{2.5});
  CHECK_THROWS_WITH_AS(duet::unflatten(scene, std::vector<double>(6)), "duet: this structure has 7 leaves, not 6",
                       duet::ShapeError);
}

TEST_CASE("leaves have names") {
  CHECK(duet::leaf_names(scene) == std::vector<std::string>{"camera.rotation[0]", "camera.rotation[1]",
                                                            "camera.rotation[2]", "camera.focal", "depths[0]",
                                                            "depths[1]", "light[0]"});
  CHECK(duet::leaf_names(std::tuple(1.0, 2, duet::Matrix<double, 1, 2>{})) ==
        std::vector<std::string>{"[0]", "[2][0, 0]", "[2][0, 1]"});
  CHECK(duet::leaf_names(duet::DynamicMatrix<double>(2, 1)) == std::vector<std::string>{"[0, 0]", "[1, 0]"});
  CHECK(duet::leaf_names(1.0) == std::vector<std::string>{""});
}
