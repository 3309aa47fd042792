// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/checks.md.
#include <cmath>
#include <cstdio>
#include <duet/tool/check.hpp>
#include <tuple>
#include <utility>

using duet::operator""_c;

constexpr auto f = [](auto x1, auto x2) {
  using std::log, std::sin;
  return log(x1) + x1 * x2 - sin(x2);
};

/// A rule of its own, with a slip: the slope by y is x^2, not x.
constexpr auto volume = duet::custom_jvp([](auto x, auto y) { return x * x * y; },
                                         [](auto, const auto& at, const auto& tangents) {
                                           const auto& [x, y] = at;
                                           const auto& [s, t] = tangents;
                                           return std::pair(x * x * y, 2 * x * y * s + x * t);
                                         });

int main() {
  const duet::Checked good = duet::check_grads(f, std::tuple(2.0, 5.0), 3_c);
  const duet::Checked bad = duet::check_jvp(volume, std::tuple(1.5, 2.5));
  std::printf("%s\n%s", to_string(good).c_str(), to_string(bad).c_str());
  return good && !bad && bad.disagreements().back().of == "the result by [1]" ? 0 : 1;
}
