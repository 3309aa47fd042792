// error: duet: the cotangents must have the structure of the function's result
// path: [1][1]
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>
#include <duet/duet.hpp>

constexpr auto f = [](auto x) { return std::pair(x, std::pair(x, x * x)); };
constexpr auto pullback = duet::vjp<duet::StaticTape>(f, 2.0).second;
#ifdef DUET_FAIL
const auto w = pullback(std::pair(1.0, std::pair(1.0, std::array{1.0})));
#else
const auto w = pullback(std::pair(1.0, std::pair(1.0, 1.0)));
#endif
