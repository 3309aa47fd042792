// error: duet: structures can be combined leaf by leaf only if they have the same structure
// path: [1]
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>
#include <duet/duet.hpp>

constexpr std::pair x{1.0, std::array{2.0, 3.0}};
#ifdef DUET_FAIL
const auto sum = duet::axpy(2.0, std::pair{1.0, std::array{2.0}}, x);
#else
const auto sum = duet::axpy(2.0, std::pair{1.0, std::array{2.0, 0.0}}, x);
#endif
