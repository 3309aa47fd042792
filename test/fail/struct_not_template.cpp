// error: duet: a struct with members of a fixed type, like double, can't hold differentiated numbers; make it a
// template path: [0] Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
struct Params {
  double width, height;
};
constexpr Params params{2, 3};
#else
template <class T>
struct Params {
  T width, height;
};
constexpr Params<double> params{2, 3};
#endif
constexpr auto f = [](const auto& p) { return p.width * p.height; };
const auto g = duet::grad(f)(params);
