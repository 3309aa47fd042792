// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <tuple>
#include <vector>

namespace bench {

/// Calls `f` on every number in a number, an array of numbers or a tuple of these, first to last.
template <class T, class F>
void each_number(T& x, F&& f) {
  f(x);
}

template <class T, std::size_t N, class F>
void each_number(std::array<T, N>& xs, F&& f) {
  std::for_each(xs.begin(), xs.end(), f);
}

template <class... Ts, class F>
void each_number(std::tuple<Ts...>& xs, F&& f) {
  std::apply([&](auto&... x) { (each_number(x, f), ...); }, xs);
}

/// The numbers in a value, in a row.
template <class Value>
std::vector<double> numbers(Value value) {
  std::vector<double> row;
  each_number(value, [&](auto x) { row.push_back(static_cast<double>(x)); });
  return row;
}

/// The same value made of numbers of type T.
template <class T>
T cast(double x) {
  return T(x);
}

template <class T, std::size_t N>
std::array<T, N> cast(const std::array<double, N>& xs) {
  std::array<T, N> result;
  std::transform(xs.begin(), xs.end(), result.begin(), [](double x) { return T(x); });
  return result;
}

template <class T, class... Ts>
auto cast(const std::tuple<Ts...>& xs) {
  return std::apply([](const auto&... x) { return std::tuple{cast<T>(x)...}; }, xs);
}

/// Random points, uniform in the box between `low` and `high`; the same ones at every call. By default as many as fit
/// into half a first-level cache, at most 256.
template <class Point>
std::vector<Point> points_between(const Point& low, const Point& high,
                                  std::size_t count = std::min<std::size_t>(256, 16384 / sizeof(Point))) {
  const std::vector<double> end = numbers(high);
  std::mt19937_64 engine(2026);
  std::uniform_real_distribution<double> uniform;
  std::vector<Point> points(count, low);
  for (Point& point : points) {
    auto to = end.begin();
    each_number(point, [&](double& x) { x += (*to++ - x) * uniform(engine); });
  }
  return points;
}

}  // namespace bench
