// error: duet: a struct with members of a fixed type, like double, can't hold differentiated numbers
// path: [1].height
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <boost/hana/define_struct.hpp>
#include <duet/duet.hpp>

template <class T>
struct Params {
#ifdef DUET_FAIL
  BOOST_HANA_DEFINE_STRUCT(Params, (T, width), (double, height));
#else
  BOOST_HANA_DEFINE_STRUCT(Params, (T, width), (T, height));
#endif
};
constexpr auto f = [](const auto& a, const auto& p) { return a * p.width * p.height; };
const auto g = duet::grad(f)(2.0, Params<double>{2, 3});
