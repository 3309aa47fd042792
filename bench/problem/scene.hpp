// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <array>
#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <cstddef>
#include <duet/duet.hpp>
#include <utility>

/// Four cameras that look at two points: 50 numbers in nested structs, described to Hana, plain, and in an array.
namespace bench::scene {

template <class T>
struct DescribedCamera {
  BOOST_HANA_DEFINE_STRUCT(DescribedCamera, (std::array<T, 3>, rotation), (std::array<T, 3>, centre), (T, focal),
                           (std::pair<T, T>, distortion), (std::pair<T, T>, principal));
};
template <class T>
struct DescribedPoint {
  BOOST_HANA_DEFINE_STRUCT(DescribedPoint, (T, x), (T, y), (T, z));
};
template <class T>
struct Described {
  using Camera = DescribedCamera<T>;
  using Point = DescribedPoint<T>;
  using Cameras = std::array<Camera, 4>;
  using Points = std::pair<Point, Point>;
  BOOST_HANA_DEFINE_STRUCT(Described, (Cameras, cameras), (Points, points));
};

template <class T>
struct PlainCamera {
  std::array<T, 3> rotation, centre;
  T focal;
  std::pair<T, T> distortion, principal;
};
template <class T>
struct PlainPoint {
  T x, y, z;
};
template <class T>
struct Plain {
  std::array<PlainCamera<T>, 4> cameras;
  std::pair<PlainPoint<T>, PlainPoint<T>> points;
};

/// The squared distance of a point's picture from the middle, in a model with a small rotation.
template <class Camera, class Point>
constexpr auto squared_error(const Camera& c, const Point& p) {
  const auto dx = p.x - c.centre[0], dy = p.y - c.centre[1], dz = p.z - c.centre[2];
  const auto& r = c.rotation;
  const auto x = dx + r[1] * dz - r[2] * dy, y = dy + r[2] * dx - r[0] * dz, z = dz + r[0] * dy - r[1] * dx;
  const auto u = x / z, v = y / z, radius = u * u + v * v;
  const auto scale = c.focal * (1 + radius * (c.distortion.first + radius * c.distortion.second));
  const auto eu = scale * u - c.principal.first, ev = scale * v - c.principal.second;
  return eu * eu + ev * ev;
}

constexpr auto error = [](const auto& scene) {
  auto sum = squared_error(scene.cameras[0], scene.points.first);
  sum += squared_error(scene.cameras[0], scene.points.second);
  for (std::size_t i = 1; i < 4; ++i) {
    sum += squared_error(scene.cameras[i], scene.points.first);
    sum += squared_error(scene.cameras[i], scene.points.second);
  }
  return sum;
};

/// The same on the numbers in an array.
constexpr auto array_error = []<class T>(const std::array<T, 50>& x) {
  const auto camera = [&](std::size_t i) {
    return PlainCamera<T>{{x[i], x[i + 1], x[i + 2]},
                          {x[i + 3], x[i + 4], x[i + 5]},
                          x[i + 6],
                          {x[i + 7], x[i + 8]},
                          {x[i + 9], x[i + 10]}};
  };
  return error(
      Plain<T>{{camera(0), camera(11), camera(22), camera(33)}, {{x[44], x[45], x[46]}, {x[47], x[48], x[49]}}});
};

}  // namespace bench::scene
