// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

namespace duet {

/// How a Jacobian is accumulated: column by column, row by row, or whichever takes fewer operations.
enum class Mode { automatic, forward, reverse };

}  // namespace duet
