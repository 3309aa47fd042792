// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What the rewriting rules do, and how to switch one off.

#include <cstdio>
#include <duet/duet.hpp>

constexpr auto length = [](auto x) { return sqrt(x * x); };

// x * x becomes square(x), and sqrt(square(x)) becomes abs(x): one operation instead of two, and no division by zero in
// the derivative.
static_assert(duet::cost<decltype(length)>.total() == 1);
static_assert(duet::derivative(length)(0.0) == 0);

// Without the rule the derivative is that of the formula as it stands: 2 x / (2 sqrt(x x)) = 0 / 0.
using AsWritten = duet::StaticTapeWithout<"sqrt(square(u)) -> abs(u)">;
bool rule_matters() {
  const double d = duet::derivative<1, AsWritten>(length)(0.0);
  return d != d;
}

// Several rules are named one after the other.
using Fewer = duet::StaticTapeWithout<"u u -> square(u)", "log(1 + u) -> log1p(u)">;
constexpr auto entropy = [](auto x) { return x * x * log(1 + x); };
static_assert(duet::derivative<1, Fewer>(entropy)(0.0) == 0);

int main() {
  std::printf("%s\n", rule_matters() ? "right" : "wrong");
  return rule_matters() ? 0 : 1;
}
