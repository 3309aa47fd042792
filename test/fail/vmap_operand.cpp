// error: duet: inside vmap, an operation takes samples, tensors and numbers, and not Dual, Var or expressions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/forward/dual.hpp>
#include <duet/tensor/create.hpp>
#include <duet/tensor/vmap.hpp>

#ifdef DUET_FAIL
using Number = duet::Dual<double, 1>;
#else
using Number = double;
#endif
const auto y = duet::vmap([](const auto& x) { return x * Number(2.0); })(duet::arange(4.0));
