// error: duet: the step of a loop must return a state of the structure that it is given
// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <array>

#include <duet/tape/checkpointed_loop.hpp>

using Number = duet::Var<double>;

#ifdef DUET_FAIL
auto step = [](const auto& x, std::size_t) { return std::array{x[0], x[1], x[1]}; };
#else
auto step = [](const auto& x, std::size_t) { return std::array{x[1], x[0]}; };
#endif
auto run(const std::array<Number, 2>& x) { return duet::checkpointed_loop(10, 2, step)(x); }
