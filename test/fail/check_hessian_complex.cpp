// error: duet: gradients are differenced with real steps; pass duet::CheckOptions
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tool/check.hpp>

#ifdef DUET_FAIL
using Options = duet::ComplexCheckOptions;
#else
using Options = duet::CheckOptions;
#endif
const bool right(duet::check_hessian([](auto x) { return x * x; }, 2.0, Options{}));
