// error: duet: wrt<...> names a member that the arguments don't have
// path: rotation[3]
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
constexpr auto f = [](const auto& c, const auto& x) { return c.rotation[2] * x; };
#ifdef DUET_FAIL
constexpr auto g = duet::grad(f, duet::wrt<"rotation[3]">)(Camera<double>{{1, 2, 3}, 4}, 5.0);
#else
constexpr auto g = duet::grad(f, duet::wrt<"rotation[2]">)(Camera<double>{{1, 2, 3}, 4}, 5.0);
#endif
