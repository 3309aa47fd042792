// error: duet: the tangents must have the structure of the primals
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>
#include <vector>

#include <duet/duet.hpp>

constexpr auto f = [](const auto& x) { return x[0] * x[1]; };
#ifdef DUET_FAIL
using Tangents = std::array<double, 2>;
#else
using Tangents = std::vector<double>;
#endif
auto pushed(const std::vector<double>& x, const Tangents& t) { return duet::jvp(f, x, t); }
