// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <vector>

/// Derivatives without differentiation, to compare with.
namespace duet::check {

/// A derivative that was measured: its value, about how wrong it may be, and the smallest step that it comes from.
struct Difference {
  double value = std::numeric_limits<double>::quiet_NaN();
  double uncertainty = std::numeric_limits<double>::infinity();
  double step = 0;
};

/// The derivatives at 0 of the results of `f`, which takes a number and returns a vector: central differences with ever
/// smaller steps, extrapolated to step zero. Of all extrapolations the one with the least estimated error is taken.
/// Steps where a result is not finite, as outside the domain of a logarithm, don't count. Where no step counts, the
/// value is NaN.
///
/// Cost: 24 calls of `f`, up to four times as many close to the end of its domain. Source: C. J. F. Ridders, Accurate
/// computation of F'(x) and F'(x) F''(x), Advances in Engineering Software 4 (1982), 75-76.
template <class F>
std::vector<Difference> central_differences(const F& f) {
  constexpr std::size_t enough = 12;  // steps that count
  constexpr int most = 48;            // in all
  constexpr double first = 0.1, shrink = 1.6;
  std::vector<Difference> best;
  std::vector<std::vector<double>> previous;  // for each result the last row of its tableau
  double h = first;
  bool done = false;
  for (int i = 0; i < most && !done; ++i, h /= shrink) {
    done = true;
    const std::vector<double> right = f(h), left = f(-h);
    best.resize(right.size());
    previous.resize(right.size());
    for (std::size_t k = 0; k < right.size(); ++k) {
      const double slope = (right[k] - left[k]) / (2 * h);
      if (!std::isfinite(slope)) {
        previous[k].clear();
        done = false;
        continue;
      }
      std::vector<double> row{slope};
      double power = 1;
      for (std::size_t j = 0; j < previous[k].size(); ++j) {
        power *= shrink * shrink;
        row.push_back((row[j] * power - previous[k][j]) / (power - 1));
        const double error = std::max(std::abs(row[j + 1] - row[j]), std::abs(row[j + 1] - previous[k][j]));
        if (error < best[k].uncertainty) best[k] = {row[j + 1], error, h};
      }
      previous[k] = row;
      done = done && row.size() >= enough;
    }
  }
  return best;
}

/// The same for a function that takes complex numbers: one call, and no error but that of rounding.
/// Source: W. Squire and G. Trapp, Using complex variables to estimate derivatives of real functions, SIAM Review 40
/// (1998), 110-112.
template <class F>
std::vector<Difference> complex_step(const F& f) {
  constexpr double h = 1e-30;
  std::vector<Difference> all;
  for (const std::complex<double>& y : f(std::complex<double>(0, h))) all.push_back({y.imag() / h, 0, h});
  return all;
}

}  // namespace duet::check
