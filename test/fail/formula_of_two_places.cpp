// error: duet: a formula of tensors in different places; move one of them with to<Device>\(\) or to<Host>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/statement.hpp>

struct Elsewhere;
#ifdef DUET_FAIL
using Place = Elsewhere;
#else
using Place = duet::Host;
#endif
auto misuse(const duet::Tensor<double, duet::Host>& x, const duet::Tensor<double, Place>& y) { return x * y; }
