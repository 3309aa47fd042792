// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iomanip>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

/// Bundle Adjustment in the Large: the text format of its problems (https://grail.cs.washington.edu/projects/bal).
namespace bal {

/// Rotation vector, translation, focal length, two radial distortions.
using Camera = std::array<double, 9>;
using Point = std::array<double, 3>;

/// Where a camera saw a point, in pixels from the centre of the image.
struct Observation {
  std::size_t camera;
  std::size_t point;
  std::array<double, 2> position;
};

/// Cameras and points to refine, and what the cameras saw.
struct Problem {
  std::vector<Camera> cameras;
  std::vector<Point> points;
  std::vector<Observation> observations;
};

/// A file that cannot be read; the message names the file, the line, the column and what is wrong there.
struct FormatError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Takes a text apart into numbers, and knows where it is when one is wrong.
class Scanner {
 public:
  Scanner(std::string name, std::string_view text) : name_(std::move(name)), text_(text) {}

  /// The next number, which has to be finite; `what` and `which` say in messages what it should be.
  double number(const char* what, std::size_t which) {
    const double x = parse<double>(what, which, "a number");
    if (!std::isfinite(x)) {
      fail(describe(what, which) + " is not finite");
    }
    return x;
  }

  /// The next number, which has to be whole and not negative.
  std::size_t index(const char* what, std::size_t which) { return parse<std::size_t>(what, which, "a whole number"); }

  /// How much of the text is left.
  std::size_t rest() const { return text_.size() - end_; }

  /// Throws unless only blank space is left.
  void finish() {
    if (!next().empty()) {
      fail("expected the end of the file");
    }
  }

  /// Throws a FormatError that points to the number read last.
  [[noreturn]] void fail(const std::string& message) const {
    std::size_t line = 1;
    std::size_t column = 1;
    for (const char c : text_.substr(0, begin_)) {
      column = c == '\n' ? 1 : column + 1;
      line += c == '\n';
    }
    const std::string token(text_.substr(begin_, std::min<std::size_t>(end_ - begin_, 40)));
    throw FormatError(name_ + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message +
                      (token.empty() ? "" : ", found \"" + token + "\""));
  }

 private:
  static std::string describe(const char* what, std::size_t which) {
    return std::string(what) + " " + std::to_string(which);
  }

  std::string_view next() {
    constexpr std::string_view blank = " \t\r\n\v\f";
    begin_ = std::min(text_.find_first_not_of(blank, end_), text_.size());
    end_ = std::min(text_.find_first_of(blank, begin_), text_.size());
    return text_.substr(begin_, end_ - begin_);
  }

  template <class T>
  T parse(const char* what, std::size_t which, const char* kind) {
    std::string_view token = next();
    if (token.empty()) {
      fail("the file ends where " + describe(what, which) + " should be");
    }
    token.remove_prefix(token.front() == '+');
    T x{};
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), x);
    if (error == std::errc::result_out_of_range) {
      fail(describe(what, which) + " is out of range");
    }
    if (error != std::errc{} || end != token.data() + token.size()) {
      fail("expected " + std::string(kind) + " for " + describe(what, which));
    }
    return x;
  }

  std::string name_;
  std::string_view text_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Reads a problem from a text; `name` is what messages call it. Throws FormatError.
inline Problem parse(const std::string& name, std::string_view text) {
  Scanner scan(name, text);
  std::array<std::size_t, 3> counts;
  for (std::size_t i = 0; i < 3; ++i) {
    counts[i] = scan.index("the number of cameras, points and observations,", i + 1);
    // A number and the blank after it take two characters at least: no use in asking for memory that can't be filled.
    if (counts[i] == 0 || counts[i] > scan.rest() / 2) {
      scan.fail(counts[i] == 0 ? "there is nothing to adjust" : "the file is too short for so many");
    }
  }
  const auto [cameras, points, observations] = counts;
  Problem problem{std::vector<Camera>(cameras), std::vector<Point>(points), std::vector<Observation>(observations)};

  const auto reference = [&](const char* what, std::size_t which, std::size_t size) {
    const std::size_t i = scan.index(what, which);
    if (i >= size) {
      scan.fail(std::string(what) + " " + std::to_string(which) + " has to be less than " + std::to_string(size));
    }
    return i;
  };
  for (std::size_t i = 0; i < observations; ++i) {
    Observation& seen = problem.observations[i];
    seen.camera = reference("the camera of observation", i, cameras);
    seen.point = reference("the point of observation", i, points);
    seen.position = {scan.number("the x of observation", i), scan.number("the y of observation", i)};
  }
  for (std::size_t i = 0; i < cameras; ++i) {
    for (double& x : problem.cameras[i]) {
      x = scan.number("a parameter of camera", i);
    }
  }
  for (std::size_t i = 0; i < points; ++i) {
    for (double& x : problem.points[i]) {
      x = scan.number("a coordinate of point", i);
    }
  }
  scan.finish();
  return problem;
}

/// Reads a problem from a file. Throws FormatError, or std::system_error where the file can't be read.
inline Problem read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 65536> buffer;
  while (file.read(buffer.data(), buffer.size()), file.gcount() > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return parse(path, text);
}

/// Writes a problem so that reading it gives the same numbers again.
inline void write(const Problem& problem, std::ostream& out) {
  out << std::setprecision(17) << problem.cameras.size() << ' ' << problem.points.size() << ' '
      << problem.observations.size() << '\n';
  for (const Observation& seen : problem.observations) {
    out << seen.camera << ' ' << seen.point << ' ' << seen.position[0] << ' ' << seen.position[1] << '\n';
  }
  for (const Camera& camera : problem.cameras) {
    for (const double x : camera) {
      out << x << '\n';
    }
  }
  for (const Point& point : problem.points) {
    for (const double x : point) {
      out << x << '\n';
    }
  }
}

}  // namespace bal
