// error: duet: a sparse derivative on the static tape needs no plan
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/sparse.hpp>

constexpr auto f = [](const auto& x) { return std::array{x[0] * x[1], x[1]}; };
constexpr std::array x{1.0, 2.0};
#ifdef DUET_FAIL
auto j = duet::sparse_jacobian(f).plan(x);
#else
auto j = duet::sparse_jacobian(f)(x);
#endif
