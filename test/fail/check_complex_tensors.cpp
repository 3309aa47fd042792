// error: duet: tensors hold real numbers; pass duet::CheckOptions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tool/check_tensors.hpp>

#ifdef DUET_FAIL
using Options = duet::ComplexCheckOptions;
#else
using Options = duet::CheckOptions;
#endif
using T = duet::Tensor<double>;
const bool right(duet::check_jvp([](const T& x) { return T(x * x); }, T(2.0), Options{}));
