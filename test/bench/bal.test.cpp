// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The quick start's own parts: the reader, the camera model with its Jacobian by hand, and the refinement.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <source_location>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "../../bench/bundle/bal.hpp"
#include "../../bench/bundle/levenberg_marquardt.hpp"
#include "../../bench/bundle/residual.hpp"
#include "../../bench/bundle/synthetic.hpp"
#include "../../bench/hand/projection.hpp"

namespace {

/// What the reader says about a text.
std::string complaint(const std::string& text) {
  try {
    bal::parse("t.txt", text);
  } catch (const bal::FormatError& error) {
    return error.what();
  }
  return "";
}

const std::string good =
    "1 1 1\n"
    "0 0 3.5 -4\n"
    "0 0 0 0 0 -1 500 0 0\n"
    "1 2 -3\n";

std::string changed(const std::string& from, const std::string& to) {
  std::string text = good;
  return text.replace(text.find(from), from.size(), to);
}

TEST_CASE("a well-formed text is read") {
  const bal::Problem problem = bal::parse("t.txt", good);
  REQUIRE(problem.cameras.size() == 1);
  REQUIRE(problem.points.size() == 1);
  REQUIRE(problem.observations.size() == 1);
  CHECK(problem.observations[0].position == std::array{3.5, -4.0});
  CHECK(problem.cameras[0] == bal::Camera{0, 0, 0, 0, 0, -1, 500, 0, 0});
  CHECK(problem.points[0] == bal::Point{1, 2, -3});
  CHECK_NOTHROW(bal::parse("t.txt", changed("3.5", "+3.5e0")));
  CHECK_NOTHROW(bal::parse("t.txt", changed("\n", "\r\n")));
}

TEST_CASE("a malformed text is refused with the place and the reason") {
  CHECK(complaint("") == "t.txt:1:1: the file ends where the number of cameras, points and observations, 1 should be");
  CHECK(complaint(changed("3.5", "abc")) == "t.txt:2:5: expected a number for the x of observation 0, found \"abc\"");
  CHECK(complaint(changed("3.5", "3.5x")) == "t.txt:2:5: expected a number for the x of observation 0, found \"3.5x\"");
  CHECK(complaint(changed("-4", "nan")) == "t.txt:2:9: the y of observation 0 is not finite, found \"nan\"");
  CHECK(complaint(changed("500", "inf")) == "t.txt:3:14: a parameter of camera 0 is not finite, found \"inf\"");
  CHECK(complaint(changed("500", "1e999")) == "t.txt:3:14: a parameter of camera 0 is out of range, found \"1e999\"");
  CHECK(complaint(changed("0 0 3.5", "1 0 3.5")) ==
        "t.txt:2:1: the camera of observation 0 has to be less than 1, found \"1\"");
  CHECK(complaint(changed("0 0 3.5", "0 7 3.5")) ==
        "t.txt:2:3: the point of observation 0 has to be less than 1, found \"7\"");
  CHECK(complaint(changed("0 0 3.5", "-1 0 3.5")) ==
        "t.txt:2:1: expected a whole number for the camera of observation 0, found \"-1\"");
  CHECK(complaint(changed("0 0 3.5", "0.5 0 3.5")) ==
        "t.txt:2:1: expected a whole number for the camera of observation 0, found \"0.5\"");
  CHECK(complaint(changed(" -3", "")) == "t.txt:5:1: the file ends where a coordinate of point 0 should be");
  CHECK(complaint(good + "5") == "t.txt:5:1: expected the end of the file, found \"5\"");
  CHECK(complaint(changed("1 1 1", "1 0 1")) == "t.txt:1:3: there is nothing to adjust, found \"0\"");
  CHECK(complaint(changed("1 1 1", "1 1 999999999999")) ==
        "t.txt:1:5: the file is too short for so many, found \"999999999999\"");
}

TEST_CASE("a file that cannot be read is named") {
  CHECK_THROWS_WITH_AS(bal::read("no/such.txt"), "no/such.txt: No such file or directory", std::system_error);
  CHECK_THROWS_WITH_AS(bal::read("/"), "/: Is a directory", std::system_error);
}

TEST_CASE("a problem that was written reads the same again") {
  const bal::Problem problem = bal::small_problem();
  std::stringstream text;
  bal::write(problem, text);
  const bal::Problem again = bal::parse("t.txt", text.str());
  CHECK(again.cameras == problem.cameras);
  CHECK(again.points == problem.points);
  REQUIRE(again.observations.size() == problem.observations.size());
  for (std::size_t i = 0; i < again.observations.size(); ++i) {
    CHECK(again.observations[i].camera == problem.observations[i].camera);
    CHECK(again.observations[i].point == problem.observations[i].point);
    CHECK(again.observations[i].position == problem.observations[i].position);
  }
}

TEST_CASE("the Jacobian by hand agrees with differences, at every size of the rotation") {
  for (const double angle : {0.0, 1e-9, 1e-3, 3.16e-3, 3.17e-3, 0.1, 1.0, 3.0}) {
    CAPTURE(angle);
    const bal::Camera camera{0.6 * angle, -0.64 * angle, 0.48 * angle, 0.3, -0.2, -10, 500, -0.05, 0.005};
    const bal::Point point{1.5, -0.7, 0.9};
    const auto [value, jacobian] = bench::hand::Projection{}(camera, point);
    const auto plain = bal::Projection{}(camera, point);
    CHECK(value[0] == doctest::Approx(plain[0]).epsilon(1e-13));
    CHECK(value[1] == doctest::Approx(plain[1]).epsilon(1e-13));
    const auto shifted = [&](std::size_t which, long double step) {
      std::array<long double, 9> c;
      std::array<long double, 3> p;
      std::copy(camera.begin(), camera.end(), c.begin());
      std::copy(point.begin(), point.end(), p.begin());
      (which < 9 ? c[which] : p[which - 9]) += step;
      return bal::Projection{}(c, p);
    };
    for (std::size_t k = 0; k < 12; ++k) {
      constexpr long double step = 1e-4L;
      for (std::size_t i = 0; i < 2; ++i) {
        const long double near = shifted(k, step)[i] - shifted(k, -step)[i];
        const long double far = shifted(k, 2 * step)[i] - shifted(k, -2 * step)[i];
        CHECK(std::abs(jacobian[12 * i + k] - static_cast<double>((8 * near - far) / (12 * step))) < 1e-7);
      }
    }
  }
}

/// Refines a problem, checks that no iteration raises the cost, and returns the last root mean square in pixels.
double refined(bal::Problem problem) {
  double last = bal::cost(problem, bal::Projection{});
  const double end = bal::refine(problem, bal::Projection{}, bench::hand::Projection{}, [&](const bal::Progress& now) {
    CHECK(now.cost <= last);
    last = now.cost;
  });
  CHECK(end == doctest::Approx(bal::cost(problem, bal::Projection{})));
  return bal::rms(problem, end);
}

TEST_CASE("refinement brings the error down to the noise") {
  constexpr double noise = 0.5;
  const auto expected = [](const bal::Problem& problem) {
    // Normal noise in two coordinates, less what the free parameters soak up; seven of them are the gauge.
    const double residuals = 2.0 * static_cast<double>(problem.observations.size());
    const double unknowns =
        9.0 * static_cast<double>(problem.cameras.size()) + 3.0 * static_cast<double>(problem.points.size()) - 7;
    return noise * std::sqrt(2 * (residuals - unknowns) / residuals);
  };
  for (const auto& problem : {bal::small_problem(), bal::synthetic(12, 400, 0.4, noise)}) {
    CHECK(bal::rms(problem, bal::cost(problem, bal::Projection{})) > 5);
    CHECK(refined(problem) == doctest::Approx(expected(problem)).epsilon(0.1));
  }
}

TEST_CASE("without noise the error vanishes") { CHECK(refined(bal::synthetic(6, 80, 0.6, 0)) < 1e-6); }

TEST_CASE("the committed problem is refined to its noise") {
  const std::filesystem::path here = std::source_location::current().file_name();
  const bal::Problem problem = bal::read((here.parent_path() / "../../bench/bundle/small.bal.txt").string());
  CHECK(problem.cameras.size() == 5);
  CHECK(problem.points.size() == 60);
  CHECK(refined(problem) < 0.75);
}

TEST_CASE("a point in the plane of its camera is an error, not a nonsense result") {
  bal::Problem problem = bal::parse("t.txt", changed("-3", "1"));
  CHECK_THROWS_AS(bal::refine(problem, bal::Projection{}, bench::hand::Projection{}, [](const bal::Progress&) {}),
                  std::domain_error);
}

}  // namespace
