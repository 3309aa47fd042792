// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// A report on a function.

#include <array>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/transform/describe.hpp>

constexpr auto chain = [](const auto& x) {
  auto sum = square(1 - x[0]);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) sum += 100 * square(x[i + 1] - square(x[i]));
  return sum;
};

int main() {
  const std::string report = duet::describe<decltype(chain), std::array<double, 5>>();
  std::printf("```\n%s```\n", report.c_str());  // as this page shows it
}
