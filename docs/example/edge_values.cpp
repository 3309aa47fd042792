// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Edge values, on every policy.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <limits>
#include <tuple>

constexpr double inf = std::numeric_limits<double>::infinity();

template <class Policy>
double slope(auto f, double at) {
  return duet::derivative<1, Policy>(f)(at);
}
template <class Policy>
std::tuple<double, double> slopes(auto f, double a, double b) {
  return duet::grad<Policy>(f)(a, b);
}

template <class Policy>
bool kinks() {
  return slope<Policy>([](auto x) { return abs(x); }, 0) == 0 &&           // of [-1, 1] the smallest
         slope<Policy>([](auto x) { return duet::relu(x); }, 0) == 0 &&    // of [0, 1] the smallest
         slope<Policy>([](auto x) { return min(x, 2 * x); }, 0) == 1.5 &&  // a tie: half of 1, half of 2
         slopes<Policy>([](auto a, auto b) { return max(a, b); }, 1, 1) == std::tuple(0.5, 0.5) &&
         slopes<Policy>([](auto a, auto b) { return hypot(a, b); }, 0, 0) == std::tuple(0.0, 0.0);
}

template <class Policy>
bool infinite_slopes() {
  return slope<Policy>([](auto x) { return sqrt(x); }, 0) == inf &&
         slope<Policy>([](auto x) { return log(x); }, 0) == inf &&
         slope<Policy>([](auto x) { return asin(x); }, 1) == inf;
}

template <class Policy>
bool powers() {
  return slope<Policy>([](auto x) { return pow(x, 0); }, 0) == 0 &&  // a constant
         slope<Policy>([](auto x) { return pow(x, 1); }, 0) == 1 &&  // the identity
         slope<Policy>([](auto x) { return pow(x, 0.5); }, 0) == inf &&
         slope<Policy>([](auto y) { return pow(0.0, y); }, 2) == 0;  // the limit from above
}

template <class Policy>
bool undefined() {
  const auto [a, b] = slopes<Policy>([](auto y, auto x) { return atan2(y, x); }, 0, 0);
  return std::isnan(a) && std::isnan(b);
}

// The side not taken spoils nothing, though sqrt has an infinite derivative at 0.
template <class Policy>
bool untaken_branches() {
  const auto root = [](auto x) { return duet::where(x > 0, sqrt(x), x); };
  return slope<Policy>(root, 0) == 1 && slope<Policy>(root, -4) == 1;
}

// A variable that does not take part has derivative zero, whatever the partial derivatives are.
template <class Policy>
bool zero_stays_zero() {
  return slope<Policy>([](auto x) { return sqrt(0 * x) + x; }, 1) == 1;
}

// Who needs another convention says so by a rule: where arguments are equal, the first has it all.
constexpr auto max_first = duet::custom_jvp([](auto a, auto b) { return max(a, b); },
                                            [](const auto& primals, const auto& tangents) {
                                              const auto& [a, b] = primals;
                                              const auto& [da, db] = tangents;
                                              return std::pair(duet::where(a < b, b, a), duet::where(a < b, db, da));
                                            });
template <class Policy>
bool another_convention() {
  return slopes<Policy>(max_first, 1, 1) == std::tuple(1.0, 0.0) &&
         slopes<Policy>([](auto x, auto y) { return max_first(x * y, 2 * x); }, 3, 2) == std::tuple(2.0, 3.0);
}
static_assert(duet::grad(max_first)(1.0, 1.0) == std::tuple(1.0, 0.0));

template <class Policy>
bool all() {
  return kinks<Policy>() && infinite_slopes<Policy>() && powers<Policy>() && undefined<Policy>() &&
         untaken_branches<Policy>() && zero_stays_zero<Policy>() && another_convention<Policy>();
}

int main() {
  const bool right = all<duet::Forward>() && all<duet::StaticTape>() && all<duet::DynamicTape<double>>();
  std::printf("%s\n", right ? "right" : "wrong");
  return right ? 0 : 1;
}
