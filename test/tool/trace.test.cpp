// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Evaluation traces, against the seed's tables and against the transforms.
#include <doctest/doctest.h>

#include <array>
#include <tuple>

#include <duet/duet.hpp>
#include <duet/tool/trace.hpp>

namespace {

constexpr auto f = [](auto x1, auto x2) { return log(x1) + x1 * x2 - sin(x2); };

bool about(double a, double b) { return std::abs(a - b) < 5e-5; }

}  // namespace

TEST_CASE("000-trace: values and tangents of ln(x1) + x1 x2 - sin(x2) at (2, 5), with respect to x1") {
  const duet::Trace t = duet::forward_trace(f, std::tuple(2.0, 5.0), std::tuple(1.0, 0.0), {"x1", "x2"});
  CHECK(about(t["v1"].value, 0.6931));
  CHECK(t["v2"].value == 10);
  CHECK(about(t["v3"].value, -0.9589));
  CHECK(about(t["v4"].value, 10.6931));
  CHECK(about(t["y"].value, 11.6521));
  CHECK(t["v1"].derivative == 0.5);
  CHECK(t["v2"].derivative == 5);
  CHECK(t["v3"].derivative == 0);
  CHECK(t["v4"].derivative == 5.5);
  CHECK(t["y"].derivative == 5.5);
  CHECK(to_string(t) ==
        "step  formula      value  tangent\n"
        "x1                     2        1\n"
        "x2                     5        0\n"
        "v1    log(x1)   0.693147      0.5\n"
        "v2    x1 * x2         10        5\n"
        "v3    sin(x2)  -0.958924        0\n"
        "v4    v1 + v2    10.6931      5.5\n"
        "y     v4 - v3    11.6521      5.5\n");
}

TEST_CASE("000-trace: values and adjoints") {
  const duet::Trace t = duet::reverse_trace(f, std::tuple(2.0, 5.0), {"x1", "x2"});
  CHECK(t["y"].derivative == 1);
  CHECK(t["v4"].derivative == 1);
  CHECK(t["v3"].derivative == -1);
  CHECK(t["v2"].derivative == 1);
  CHECK(t["v1"].derivative == 1);
  CHECK(t["x1"].derivative == 5.5);
  CHECK(about(t["x2"].derivative, 1.7163));
  CHECK(to_string(t) ==
        "step  formula      value  adjoint\n"
        "x1                     2      5.5\n"
        "x2                     5  1.71634\n"
        "v1    log(x1)   0.693147        1\n"
        "v2    x1 * x2         10        1\n"
        "v3    sin(x2)  -0.958924       -1\n"
        "v4    v1 + v2    10.6931        1\n"
        "y     v4 - v3    11.6521        1\n");
}

TEST_CASE("traces of functions of structures with several results agree with jvp and vjp") {
  constexpr auto g = [](const auto& x) {
    return std::array{exp(x[0] * x[1]) / x[2], duet::where(x[0] < x[1], x[1] * 3.0, x[2]), x[0]};
  };
  const std::array x{0.5, 1.5, 2.0}, v{1.0, -2.0, 0.25}, w{1.0, 10.0, 100.0};
  const duet::Trace forward = duet::forward_trace(g, x, v);
  const auto pushed = duet::jvp(g, x, v);
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string y = "y" + std::to_string(k);
    CHECK(forward[y].value == doctest::Approx(pushed.first[k]));
    CHECK(forward[y].derivative == doctest::Approx(pushed.second[k]));
  }
  const duet::Trace reverse = duet::reverse_trace(g, x, {}, {1.0, 10.0, 100.0});
  const auto pulled = duet::vjp(g, x).second(w);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(reverse["x" + std::to_string(k)].derivative == doctest::Approx(pulled[k]));
  }
  CHECK(forward["y2"].formula == "x0");
  CHECK_THROWS_AS(reverse["z"], duet::Error);
  CHECK_THROWS_AS(duet::forward_trace(g, x, 1.0), duet::ShapeError);
  CHECK_THROWS_AS(duet::reverse_trace(g, x, {}, {1.0}), duet::ShapeError);
}
