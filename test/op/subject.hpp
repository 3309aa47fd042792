// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <duet/forward/dual.hpp>
#include <duet/op/table.hpp>

/// What the tests of the op table differentiate, and how they hold the results.
namespace subject {

namespace op = duet::op;
using Point = std::array<double, 3>;
/// The value, followed by the derivatives with respect to up to three operands.
using Firsts = std::array<double, 4>;

/// Row `Op` as a function all of whose operands are numbers: the condition of a choice is the sign of its first
/// operand, the order of an ordered function is fixed.
template <class Op, int Order = 0>
struct Subject {
  static constexpr bool ordered = Op::kind == op::Kind::smooth && Op::arity == 2 && !op::has_partial<Op, 0>;
  static constexpr std::size_t arity = ordered ? 1 : Op::arity;
  static constexpr op::Interval domains[] = {ordered ? Op::domain2 : Op::domain, Op::domain2, Op::domain3};

  template <class X, class... Rest>
  constexpr auto operator()(const X& x, const Rest&... rest) const {
    if constexpr (std::same_as<Op, op::Where>) {
      return op::apply<Op>(x <= 0, rest...);
    } else if constexpr (ordered) {
      return op::apply<Op>(op::like(x, Order), x);
    } else {
      return op::apply<Op>(x, rest...);
    }
  }
};

/// Calls `f` on what `make` makes of the operands of `F`, by their numbers.
template <class F>
constexpr auto call(auto f, auto make) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    return f(make(std::integral_constant<std::size_t, K>{})...);
  }
  (std::make_index_sequence<F::arity>{});
}
template <class F>
constexpr void for_each_operand(auto f) {
  call<F>([&](auto... k) { (f(k), ...); }, [](auto k) { return k; });
}

/// Points spread over the domains of `F`, by the fractional parts of multiples of irrational numbers.
template <class F>
std::vector<Point> samples(int count) {
  constexpr double steps[] = {0.6180339887498949, 0.4142135623730951, 0.7320508075688772};
  std::vector<Point> points;
  for (int i = 1; i <= count; ++i) {
    Point p{};
    for (std::size_t k = 0; k < F::arity; ++k) {
      const double whole = i * steps[k];
      p[k] = F::domains[k].low + (F::domains[k].high - F::domains[k].low) * (whole - std::floor(whole));
    }
    points.push_back(p);
  }
  return points;
}

/// Calls `f` with the subjects that a row stands for, one, or several of different orders, if its results are numbers
/// (but for attach, whose derivative is whatever one says).
template <class Op>
void for_each_subject(auto f) {
  if constexpr (Op::kind != op::Kind::predicate && !std::same_as<Op, op::Attach>) {
    f(Subject<Op>{});
    if constexpr (Subject<Op>::ordered) {
      f(Subject<Op, 1>{});
      f(Subject<Op, 3>{});
    }
  }
}

template <class F, class T>
Firsts single_duals(const std::vector<Point>& points, std::size_t at) {
  Firsts y{};
  for (std::size_t i = 0; i < F::arity; ++i) {
    const duet::Dual<T> result =
        call<F>(F{}, [&](std::size_t k) { return duet::Dual<T>(T(points[at][k]), T(k == i)); });
    y[0] = static_cast<double>(result.primal());
    y[1 + i] = static_cast<double>(result.tangent());
  }
  return y;
}

/// The derivative at 0 of a smooth function: central differences of three steps, extrapolated.
long double difference(auto f) {
  const auto slope = [&](long double h) { return (f(h) - f(-h)) / (2 * h); };
  const long double a = slope(1e-3L), b = slope(5e-4L), c = slope(2.5e-4L);
  const long double ab = (4 * b - a) / 3, bc = (4 * c - b) / 3;
  return (16 * bc - ab) / 15;
}

/// What the first derivatives at a point should be: from values, in long double.
template <class F>
Firsts differences(const std::vector<Point>& points, std::size_t at) {
  const auto moved = [&](std::size_t i, long double h) -> long double {
    return call<F>(F{}, [&](std::size_t k) { return points[at][k] + (k == i ? h : 0); });
  };
  Firsts y{static_cast<double>(moved(0, 0))};
  for (std::size_t i = 0; i < F::arity; ++i) {
    y[1 + i] = static_cast<double>(difference([&](long double h) { return moved(i, h); }));
  }
  return y;
}
/// The largest difference, relative to the largest of the numbers expected (and to 1, where those are small).
template <std::size_t N>
double distance(const std::array<double, N>& a, const std::array<double, N>& expected) {
  double scale = 1, result = 0;
  for (double x : expected) scale = std::max(scale, std::abs(x));
  for (std::size_t i = 0; i < N; ++i) {
    const double d = std::abs(a[i] - expected[i]);
    result = std::isnan(d) ? std::numeric_limits<double>::infinity() : std::max(result, d);
  }
  return result / scale;
}

}  // namespace subject
