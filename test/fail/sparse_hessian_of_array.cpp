// error: duet: grad needs a function with one scalar result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/sparse.hpp>

constexpr auto f = [](const auto& x) { return std::array{x[0] * x[1], x[1]}; };
constexpr std::array x{1.0, 2.0};
#ifdef DUET_FAIL
auto h = duet::sparse_hessian(f)(x);
#else
auto h = duet::sparse_hessian([](const auto& v) { return f(v)[0]; })(x);
#endif
