// error: duet: the cotangents must have the structure of the function's result
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <vector>

#include <duet/duet.hpp>

constexpr auto f = [](const auto& x) { return x; };
#ifdef DUET_FAIL
using Cotangents = double;
#else
using Cotangents = std::vector<double>;
#endif
auto pulled(const std::vector<double>& x, const Cotangents& w) { return duet::vjp(f, x).second(w); }
