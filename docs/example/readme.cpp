// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The example of the README.

#include <cstdio>
#include <duet/duet.hpp>
#include <tuple>

// Plain generic C++ that knows nothing of derivatives.
constexpr auto f = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };

// Reverse mode at compile time: the compiler records f and differentiates the record.
constexpr auto gradient = duet::grad(f)(2.0, 5.0);  // a std::tuple, like the arguments
static_assert(std::get<0>(gradient) == 1 / 2.0 + 5);

// Transforms nest and come back in the structure of the input.
static_assert(duet::hessian(f)(2.0, 5.0)(0, 1) == 1);

// What a derivative costs can be asserted, too.
static_assert(duet::cost<decltype(duet::grad(f))> <= 2 * duet::cost<decltype(f)>);

int main() {
  // Forward mode: the value, and the derivative along a direction.
  const auto [value, tangent] = duet::jvp(f, std::tuple(2.0, 5.0), std::tuple(1.0, 0.0));
  std::printf("f = %g, df/dx1 = %g\n", value, tangent);
}
