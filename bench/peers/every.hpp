// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include "../gradbench/hello.hpp"
#include "../gradbench/llsq.hpp"
#include "../gradbench/lse.hpp"
#include "../gradbench/ode.hpp"
#include "../gradbench/protocol.hpp"

namespace bench {

/// Answers GradBench's messages with every evaluation that a tool can do. Returns the exit status.
template <class Tool>
int serve_every() {
  return serve({Tool::name, {hello<Tool>(), llsq<Tool>(), lse<Tool>(), ode<Tool>()}});
}

}  // namespace bench
