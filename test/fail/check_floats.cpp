// error: duet: differences of floats tell little; check the function on tensors of doubles
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tool/check_tensors.hpp>

#ifdef DUET_FAIL
using T = duet::Tensor<float>;
#else
using T = duet::Tensor<double>;
#endif
const bool right(duet::check_jvp([](const T& x) { return T(x * x); }, T(2)));
