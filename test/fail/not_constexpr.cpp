// error: duet: the static tape calls the function when compiling, which it does not allow
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

#ifdef DUET_FAIL
template <class T>
T area(const T& width, const T& height) {
  return width * height;
}
#else
template <class T>
constexpr T area(const T& width, const T& height) {
  return width * height;
}
#endif

const auto slopes = duet::grad([](auto width, auto height) { return area(width, height); })(2.0, 3.0);
