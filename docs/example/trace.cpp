// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Prints the tables of docs/tools.md: what forward and reverse mode compute, step by step.
#include <cstdio>
#include <duet/tool/trace.hpp>
#include <string>
#include <tuple>

int main() {
  constexpr auto f = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };
  const std::tuple at{2.0, 5.0};
  const std::string forward = to_string(duet::forward_trace(f, at, std::tuple{1.0, 0.0}, {"x1", "x2"}));
  const std::string reverse = to_string(duet::reverse_trace(f, at, {"x1", "x2"}));
  std::printf("```text\n%s\n%s```\n", forward.c_str(), reverse.c_str());
}
