// error: duet: a map over tensors in different places; move one of them with to<Device>\(\) or to<Host>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor/map.hpp>

struct Elsewhere;
#ifdef DUET_FAIL
using Place = Elsewhere;
#else
using Place = duet::Host;
#endif
duet::Tensor<double, duet::Host> misuse(const duet::Tensor<double, duet::Host>& x,
                                        const duet::Tensor<double, Place>& y) {
  return map([](auto a, auto b) { return a * b; }, each(x), each(y));
}
