// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <functional>

/// Work from whose time one learns what a machine can do at the most.
namespace bench {

struct Roof {
  std::function<void()> move;  ///< through memory, two arrays in and two out or one in and one out
  double bytes;
  std::function<void()> compute;  ///< additions and multiplications of doubles
  double operations;
};

/// For the processor, all threads together.
Roof roof_of_processor();

}  // namespace bench
