// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

namespace duet {

/// How a Jacobian is accumulated: column by column, row by row, by elimination of intermediate results in the order of
/// their Markowitz degrees or of their relative ones (graph/elimination.hpp, on the static tape only), or whichever
/// takes fewest operations.
enum class Mode { automatic, forward, reverse, markowitz, relative_markowitz };

}  // namespace duet
