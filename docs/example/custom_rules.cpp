// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Functions with derivatives of their own.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>
#include <tuple>
#include <utility>

// log(1 + exp(x)) is fine, but its derivative exp(x) / (1 + exp(x)) is inf / inf for a large x: say it better.
constexpr auto log1pexp =
    duet::custom_jvp([](auto x) { return log(1 + exp(x)); },
                     [](auto x, auto t) { return std::pair(log(1 + exp(x)), (1 - 1 / (1 + exp(x))) * t); });

// Several arguments: primals and tangents are tuples.
constexpr auto area = duet::custom_jvp([](auto a, auto b) { return a * b; },
                                       [](const auto& primals, const auto& tangents) {
                                         const auto& [a, b] = primals;
                                         const auto& [da, db] = tangents;
                                         return std::pair(a * b, da * b + a * db);
                                       });
static_assert(duet::grad(area)(2.0, 3.0) == std::tuple(3.0, 2.0));
static_assert(duet::grad<duet::Forward>(area)(2.0, 3.0) == std::tuple(3.0, 2.0));

// A rule may say what is not so. Rounding, whose derivative is taken to be 1:
constexpr auto straight_through =
    duet::custom_jvp([](auto x) { return round(x); }, [](auto x, auto t) { return std::pair(round(x), t); });
static_assert(duet::grad([](auto x) { return straight_through(x * x); })(1.5) == 3);

// The pullback as a rule: what forward keeps, backward is given.
constexpr auto product = duet::custom_vjp([](auto x, auto y) { return x * y; },
                                          [](auto x, auto y) { return std::pair(x * y, std::tuple(x, y)); },
                                          [](const auto& residuals, auto w) {
                                            const auto& [x, y] = residuals;
                                            return std::tuple(y * w, x * w);
                                          });
static_assert(duet::grad(product)(2.0, 5.0) == std::tuple(5.0, 2.0));
static_assert(duet::hessian(product)(2.0, 5.0)(0, 1) == 1);

// Clipped gradients: on the dynamic tape, backward sees the cotangent that really arrives.
constexpr auto clip =
    duet::custom_vjp([](const auto& x) { return x; }, [](const auto& x) { return std::pair(x, std::tuple()); },
                     [](std::tuple<>, double w) { return std::clamp(w, -1.0, 1.0); });

int main() {
  using Tape = duet::DynamicTape<double>;
  const double slope = duet::grad(log1pexp)(1000.0);
  const double clipped = duet::grad<Tape>([](const auto& x) { return 100 * clip(x); })(3.0);
  std::printf("slope %g, clipped %g\n", slope, clipped);
  return slope == 1 && clipped == 1 ? 0 : 1;
}
