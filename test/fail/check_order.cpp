// error: duet: the order of a check is part of its type; write 2_c or std::integral_constant<int, 2>\(\)
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tool/check.hpp>

using duet::operator""_c;

#ifdef DUET_FAIL
const bool right(duet::check_grads([](auto x) { return x * x; }, 2.0, 2));
#else
const bool right(duet::check_grads([](auto x) { return x * x; }, 2.0, 2_c));
#endif
