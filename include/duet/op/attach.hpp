// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/arithmetic.hpp>

/// Derivatives by decree, which is how custom rules enter a graph.
namespace duet::op {

/// attach(v, x, d) is v, and d is added to its derivative with respect to x: nobody asks whether that is true. `d`
/// itself is an ordinary number, so that second derivatives are those of the rule that it came from.
struct Attach : Ternary<"attach"> {
  static constexpr int last_active = 1;
  static constexpr auto value(const auto& v, const auto&, const auto&) { return v; }
  static constexpr auto partial(First, const auto& v, const auto&, const auto&, const auto&) { return like(v, 1); }
  static constexpr auto partial(Second, const auto&, const auto&, const auto& d, const auto&) { return d; }
};

}  // namespace duet::op
