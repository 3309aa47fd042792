// error: duet: wrt<...> names a part twice, or a part of another part
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/duet.hpp>

constexpr auto f = [](const auto& x) { return x.first[0] * x.first[1] * x.second; };
#ifdef DUET_FAIL
constexpr auto g = duet::grad(f, duet::wrt<"[0]", "[0][1]">)(std::pair(std::array{2.0, 3.0}, 4.0));
#else
constexpr auto g = duet::grad(f, duet::wrt<"[0][0]", "[0][1]">)(std::pair(std::array{2.0, 3.0}, 4.0));
#endif
