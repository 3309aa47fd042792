// error: duet: wrt<...> names a member that several arguments have
// path: focal
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
constexpr auto f = [](const auto& a, const auto& b) { return a.focal * b.focal; };
#ifdef DUET_FAIL
constexpr auto g = duet::grad(f, duet::wrt<"focal">)(Camera<double>{{}, 4}, Camera<double>{{}, 5});
#else
constexpr auto g = duet::grad(f, duet::wrt<"[1].focal">)(Camera<double>{{}, 4}, Camera<double>{{}, 5});
#endif
