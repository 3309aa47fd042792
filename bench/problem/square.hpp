// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

namespace bench {

/// The square of an expression. An object, so that an active type's own `square` is no rival; the type of the result is
/// that of the product, as some tools' operators return references into their tapes.
inline constexpr auto square = [](const auto& x) -> decltype(auto) { return x * x; };

}  // namespace bench
