// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Reports say of a function what its graph says.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include <duet/duet.hpp>
#include <duet/transform/describe.hpp>

namespace {

constexpr auto textbook = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };
constexpr auto arrow = [](const auto& x) {
  auto y = x;
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[0] * x[i];
  return y;
};
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a report counts what cost counts, before and after each pass") {
  const std::string report = duet::describe<decltype(textbook)>();
  CHECK(has(report, "2 variables, 1 output"));
  CHECK(has(report, std::to_string(duet::cost<decltype(textbook)>.total()) + " operations (2 +, 1 *, 0 /, 0 choices"));
  CHECK(has(report, "Jacobian, reverse *"));
  CHECK(has(report, "Hessian: 2 x 2, 4 of 4 elements\n    **\n    **\n"));
}

TEST_CASE("patterns are drawn") {
  const std::string report = duet::describe<decltype(arrow), std::array<double, 4>>();
  CHECK(has(report, "Jacobian: 4 x 4, 7 of 16 elements\n    *...\n    **..\n    *.*.\n    *..*\n"));
  CHECK(!has(report, "Hessian"));
}

TEST_CASE("a large matrix is drawn smaller") {
  constexpr auto hub = [](const auto& x) {
    auto y = square(x[0]);
    for (std::size_t i = 1; i < x.size(); ++i) y += x[0] * x[i];
    return y;
  };
  const std::string report = duet::describe<decltype(hub), std::array<double, 100>>();
  const std::string picture = "\n    " + std::string(50, '*') + "\n    *.....";
  CHECK(has(report, "100 x 100, 199 of 10000 elements, a character for 2 x 2" + picture));
}
