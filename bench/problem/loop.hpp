// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <cstddef>
#include <span>

namespace bench {

/// Loops as a problem's mapped form asks for them, written out. A tool that can apply a function to whole ranges offers
/// the same.
struct PlainLoop {
  /// Writes f of every element of the ranges, and of the shared numbers in between, if any, to `out`.
  template <class F, class T, class... In>
  static void map(const F& f, std::span<T> out, const In&... in) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = f(at(in, i)...);
    }
  }

  /// The sum of f over the elements of the ranges.
  template <class F, class T, class... In>
  static T sum(const F& f, std::span<const T> first, const In&... in) {
    T total(0.0);
    for (std::size_t i = 0; i < first.size(); ++i) {
      total += f(first[i], at(in, i)...);
    }
    return total;
  }

  /// One call.
  template <class F, class... In>
  static auto call(const F& f, const In&... in) {
    return f(in...);
  }

 private:
  template <class T>
  static const T& at(const std::span<const T>& range, std::size_t i) {
    return range[i];
  }

  template <class T>
  static const T& at(const T& shared, std::size_t) {
    return shared;
  }
};

}  // namespace bench
