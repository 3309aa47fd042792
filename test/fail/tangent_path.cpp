// error: duet: the tangents must have the structure of the primals
// path: [0].rotation
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>
#include <boost/hana/define_struct.hpp>
#include <duet/duet.hpp>

template <class T>
struct Camera {
  BOOST_HANA_DEFINE_STRUCT(Camera, (std::array<T, 3>, rotation), (T, focal));
};
template <class T>
struct Scene {
  BOOST_HANA_DEFINE_STRUCT(Scene, (Camera<T>, camera), (T, scale));
};
template <class T>
struct OtherCamera {
  BOOST_HANA_DEFINE_STRUCT(OtherCamera, (std::array<T, 2>, rotation), (T, focal));
};
constexpr auto f = [](const auto& x) { return x.first.focal * x.second; };
const std::pair point{Camera<double>{{1, 2, 3}, 4}, 5.0};
#ifdef DUET_FAIL
const auto v = duet::jvp(f, point, std::pair{OtherCamera<double>{{1, 2}, 4}, 5.0});
#else
const auto v = duet::jvp(f, point, std::pair{Camera<double>{{1, 2, 0}, 4}, 5.0});
#endif
