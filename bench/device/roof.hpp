// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

/// What a machine can do at the most, by measurement.
namespace bench {

struct Roof {
  double bytes;       ///< per second, from and to memory
  double operations;  ///< per second, additions and multiplications of doubles
};

/// That of the processor, all threads together.
Roof roof_of_processor();

}  // namespace bench
