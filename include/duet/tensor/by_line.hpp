// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <duet/op/exponential.hpp>
#include <duet/op/power.hpp>
#include <duet/tensor/line.hpp>

/// Algorithms on lines of elements, for every kind of line and for batches and plain numbers alike. They are types with
/// names and without pointers to the main memory in them, so that a GPU can be told to carry them out; `in_turn` says
/// that an element of a line can't be worked on before those before it, `in_one_block` that all have to be known to one
/// of its processors.
namespace duet::tensor::by_line {

/// log(sum(exp(x))) without overflow; -infinity for no elements.
template <class Line, class T>
constexpr typename Line::Batch log_sum_exp(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  constexpr T infinity = std::numeric_limits<T>::infinity();
  if (line.size == 0) return Batch(-infinity);
  const Batch largest = line.template extreme<true>(Itself{}, x);
  const auto infinite = largest == Batch(infinity) || largest == Batch(-infinity);
  const Batch shift = op::Where::value(infinite, Batch(T(0)), largest);
  const Batch sum = line.sum([&](const Batch& x) { return op::Exp::value(x - shift); }, x);
  return op::Where::value(infinite, largest, Batch(shift + op::Log::value(sum)));
}

/// The sum of the squared distances from the mean.
template <class Line, class T>
constexpr typename Line::Batch centred_squares(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  const Batch mean = line.sum(Itself{}, x) / Batch(static_cast<T>(line.size));
  return line.sum([&](const Batch& x) { return op::Square::value(Batch(x - mean)); }, x);
}

/// The largest magnitude, as a number to divide by: 1 where that is 0 or infinite.
template <class Line, class T>
constexpr typename Line::Batch scale_of(const Line& line, const T* x) {
  using Batch = typename Line::Batch;
  if (line.size == 0) return Batch(T(1));
  const Batch largest = line.template extreme<true>([](const Batch& x) { return op::Abs::value(x); }, x);
  const auto no_scale = largest == Batch(T(0)) || largest == Batch(std::numeric_limits<T>::infinity());
  return op::Where::value(no_scale, Batch(T(1)), largest);
}

/// A number for each line, to `to`: `fold(line, elements)`.
template <class Fold, class T>
struct Reduction {
  Fold fold;
  T* to;

  constexpr void operator()(const auto& line, const auto& in, const auto&) const { line.store(to, fold(line, in[0])); }
};

template <bool Largest>
struct ExtremeOf {
  constexpr auto operator()(const auto& line, const auto* x) const {
    return line.template extreme<Largest>(Itself{}, x);
  }
};

struct LogSumExp {
  constexpr auto operator()(const auto& line, const auto* x) const { return log_sum_exp(line, x); }
};

/// w exp(x - y), with a number y and a number w for each line; y = -infinity only where all of x is.
template <class T>
struct Softmaxes {
  const T *y, *w;

  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch given = line.load(y), factor = line.load(w);
    const Batch shift = op::Where::value(given == Batch(-std::numeric_limits<T>::infinity()), Batch(T(0)), given);
    line.map(
        out[0], [&](const Batch& x) { return factor * op::Exp::value(Batch(x - shift)); }, in[0]);
  }
};

struct Sum {
  constexpr auto operator()(const auto& line, const auto* x) const { return line.sum(Itself{}, x); }
};

struct Product {
  constexpr auto operator()(const auto& line, const auto* x) const { return line.product(Itself{}, x); }
};

/// The sum of the squared distances from the mean, divided by `freedom`.
template <class T>
struct Variance {
  T freedom;

  template <class Line>
  constexpr auto operator()(const Line& line, const T* x) const {
    return typename Line::Batch(centred_squares(line, x) / typename Line::Batch(freedom));
  }
};
template <class T>
struct Deviation {
  Variance<T> variance;

  constexpr auto operator()(const auto& line, const T* x) const { return op::Sqrt::value(variance(line, x)); }
};

/// The square root of the sum of squares. Squares that overflow or vanish are scaled by the largest element.
struct EuclideanNorm {
  template <class Line, class T>
  constexpr typename Line::Batch operator()(const Line& line, const T* x) const {
    using Batch = typename Line::Batch;
    using Limits = std::numeric_limits<T>;
    const Batch sum = line.sum([](const Batch& x) { return op::Square::value(x); }, x);
    const auto is_safe = sum > Batch(Limits::min() / Limits::epsilon()) && sum < Batch(Limits::infinity());
    if (line.all(is_safe)) return op::Sqrt::value(sum);
    const Batch scale = scale_of(line, x);
    const Batch scaled = line.sum([&](const Batch& x) { return op::Square::value(Batch(x / scale)); }, x);
    return op::Where::value(is_safe, Batch(op::Sqrt::value(sum)), Batch(scale * op::Sqrt::value(scaled)));
  }
};

/// (sum |x|^order)^(1 / order), relative to the largest element, so that nothing overflows.
template <class T>
struct PowerNorm {
  T order;

  template <class Line>
  constexpr typename Line::Batch operator()(const Line& line, const T* x) const {
    using Batch = typename Line::Batch;
    const Batch scale = scale_of(line, x), power(order);
    const Batch sum =
        line.sum([&](const Batch& x) { return op::Pow::value(Batch(op::Abs::value(x) / scale), power); }, x);
    return scale * op::Pow::value(sum, Batch(1 / order));
  }
};

/// The part of each element in the extreme of its line: 1 for it, equal parts for several, 0 for the others.
template <bool Largest>
struct PartsInExtreme {
  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto& out) const {
    using Batch = typename Line::Batch;
    const Batch extreme = line.template extreme<Largest>(Itself{}, in[0]);
    const auto is_extreme = [&](const Batch& x) { return op::Where::value(x == extreme, Batch(1), Batch(0)); };
    const Batch count = line.sum(is_extreme, in[0]);
    line.map(
        out[0], [&](const Batch& x) { return is_extreme(x) / count; }, in[0]);
  }
};

/// The place of the extreme element in its line; of the first of several, or of the first NaN.
template <bool Largest>
struct PlaceOfExtreme {
  std::ptrdiff_t* to;

  template <class Line>
  constexpr void operator()(const Line& line, const auto& in, const auto&) const {
    using Batch = typename Line::Batch;
    const Batch extreme = line.template extreme<Largest>(Itself{}, in[0]);
    line.find(
        to, [&](const Batch& x) { return x == extreme || op::NotEqual::value(x, x); }, in[0]);
  }
};

/// Whether one of the elements is not zero, or all of them: 1 or 0.
template <bool Any>
struct AreNotZero {
  template <class Line>
  constexpr typename Line::Batch operator()(const Line& line, const auto* x) const {
    using Batch = typename Line::Batch;
    if (line.size == 0) return Batch(Any ? 0 : 1);
    return line.template extreme<Any>(
        [](const Batch& x) { return op::Where::value(op::NotEqual::value(x, Batch(0)), Batch(1), Batch(0)); }, x);
  }
};
using IsAny = AreNotZero<true>;
using AreAll = AreNotZero<false>;

/// y(i) = x(i - 1), and `first` where there is none.
template <class T>
struct Shift {
  Direction direction;
  T first;

  constexpr void operator()(const auto& line, const auto& in, const auto& out) const {
    line.shift(out[0], direction, first, in[0]);
  }
};

/// y(i) = a(i) y(i - 1) + b(i), from y(-1) = `start`.
template <class T>
struct Recurrence {
  static constexpr bool in_turn = true;
  Direction direction;
  T start;

  constexpr void operator()(const auto& line, const auto& in, const auto& out) const {
    const auto step = [](const auto& y, const auto& a, const auto& b) { return a * y + b; };
    line.walk(out[0], direction, start, step, in[0], in[1]);
  }
};

/// y(i) = a(i) y(i - 1), from y(-1) = `start`.
template <class T>
struct RunningProduct {
  static constexpr bool in_turn = true;
  Direction direction;
  T start;

  constexpr void operator()(const auto& line, const auto& in, const auto& out) const {
    line.walk(
        out[0], direction, start, [](const auto& y, const auto& a) { return a * y; }, in[0]);
  }
};

/// y(i) = x(i) + y(i - 1)
struct RunningSum {
  static constexpr bool in_one_block = true;
  Direction direction;

  constexpr void operator()(const auto& line, const auto& in, const auto& out) const {
    line.running_sum(out[0], direction, in[0]);
  }
};

}  // namespace duet::tensor::by_line
