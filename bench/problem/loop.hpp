// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

namespace bench {

/// Loops as a problem's mapped form asks for them, written out. A tool that can apply a function to whole ranges offers
/// the same, with a type of its own for the rows of numbers that come out.
struct PlainLoop {
  /// Plain numbers as a row; `count` times the same number.
  static std::vector<double> row(const std::vector<double>& numbers) { return numbers; }
  static std::vector<double> row(std::size_t count, double number) { return std::vector<double>(count, number); }

  /// The numbers of a row, one by one.
  template <class Row>
  static auto numbers(const Row& row) {
    return std::vector<std::ranges::range_value_t<Row>>(row.begin(), row.end());
  }

  /// The `count` numbers of a row from `first` on, a view.
  template <std::ranges::contiguous_range Row>
  static auto part(const Row& row, std::size_t first, std::size_t count) {
    return std::span(row).subspan(first, count);
  }

  /// Rows, one after the other.
  template <class First, class... Rest>
  static auto join(const First& first, const Rest&... rest) {
    std::vector<std::ranges::range_value_t<First>> result;
    result.reserve((first.size() + ... + rest.size()));
    result.assign(first.begin(), first.end());
    (result.insert(result.end(), rest.begin(), rest.end()), ...);
    return result;
  }

  /// The row of f of every element of the ranges, and of the shared numbers in between, if any; where f gives an array
  /// of numbers, an array of rows.
  template <class F, std::ranges::contiguous_range First, class... In>
  static auto map(const F& f, const First& first, const In&... in) {
    Rows<decltype(f(at(first, 0), at(in, 0)...))> rows;
    for (std::size_t i = 0; i < std::size(first); ++i) {
      rows.add(f(at(first, i), at(in, i)...));
    }
    return rows.result;
  }

  /// The sum of f over the elements of the ranges, an array of sums where f gives an array of numbers.
  template <class F, std::ranges::contiguous_range First, class... In>
  static auto sum(const F& f, const First& first, const In&... in) {
    auto total = f(at(first, 0), at(in, 0)...);
    for (std::size_t i = 1; i < std::size(first); ++i) {
      add(total, f(at(first, i), at(in, i)...));
    }
    return total;
  }

  /// For every element of the ranges the state that is `initial` at first and then, for one item after the other from
  /// the last one on, f(state, item, element...); a row.
  template <class F, class Items, std::ranges::contiguous_range First, class... In>
  static auto fold_back(const F& f, double initial, const Items& items, const First& first, const In&... in) {
    std::vector<decltype(f(initial, items[0], at(first, 0), at(in, 0)...))> states;
    for (std::size_t i = 0; i < std::size(first); ++i) {
      states.emplace_back(initial);
      for (std::size_t k = std::size(items); k-- > 0;) {
        states[i] = f(states[i], items[k], at(first, i), at(in, i)...);
      }
    }
    return states;
  }

  /// The logarithm of the sum of the exponentials of f over the elements of the ranges, shifted by the greatest number
  /// so that none overflows.
  template <class F, std::ranges::contiguous_range First, class... In>
  static auto log_sum_exp(const F& f, const First& first, const In&... in) {
    using std::exp;
    using std::log;
    const auto numbers = map(f, first, in...);
    const auto greatest = *std::max_element(numbers.begin(), numbers.end());
    auto sum = exp(numbers[0] - greatest);
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      sum += exp(numbers[i] - greatest);
    }
    return log(sum) + greatest;
  }

  /// The row after so many steps `row = step(row, i, shared)`, for i from 0 on.
  template <class Step, class Row, class Shared>
  static auto repeat(std::size_t steps, const Step& step, const Row& start, const Shared& shared) {
    auto row = step(start, 0, shared);
    for (std::size_t i = 1; i < steps; ++i) {
      row = step(row, i, shared);
    }
    return row;
  }

  /// One call.
  template <class F, class... In>
  static auto call(const F& f, const In&... in) {
    return f(in...);
  }

 private:
  template <class T>
  static void add(T& total, const T& x) {
    total += x;
  }
  template <class T, std::size_t N>
  static void add(std::array<T, N>& total, const std::array<T, N>& x) {
    for (std::size_t k = 0; k < N; ++k) {
      total[k] += x[k];
    }
  }

  template <class X>
  static const auto& at(const X& x, std::size_t i) {
    if constexpr (std::ranges::range<X>) {
      return std::ranges::data(x)[i];
    } else {
      return x;
    }
  }

  template <class T>
  struct Rows {
    std::vector<T> result;

    void add(const T& x) { result.push_back(x); }
  };

  template <class T, std::size_t N>
  struct Rows<std::array<T, N>> {
    std::array<std::vector<T>, N> result;

    void add(const std::array<T, N>& x) {
      for (std::size_t k = 0; k < N; ++k) {
        result[k].push_back(x[k]);
      }
    }
  };
};

}  // namespace bench
