// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Routines that know nothing of Duet, as functions that can be differentiated: one in the manner of LAPACK, one of
// Boost.Math.

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/rule/custom.hpp>
#include <tuple>
#include <utility>
#include <vector>

/// Solves a tridiagonal system as LAPACK's dgtsv does: in place, with plain doubles, by pointers.
extern "C" int gtsv(int n, double* lower, double* diagonal, double* upper, double* b) {
  for (int i = 1; i < n; ++i) {
    if (diagonal[i - 1] == 0) return i;
    const double factor = lower[i - 1] / diagonal[i - 1];
    diagonal[i] -= factor * upper[i - 1];
    b[i] -= factor * b[i - 1];
  }
  for (int i = n - 1; i >= 0; --i) b[i] = (b[i] - (i + 1 < n ? upper[i] * b[i + 1] : 0)) / diagonal[i];
  return 0;
}

// A row of points, each drawn to its neighbours: (2 + k) x_i - x_{i-1} - x_{i+1} = b_i. The matrix is symmetric, so the
// pullback is the same system once more.
std::vector<double> relax(double k, std::vector<double> b) {
  const int n = static_cast<int>(b.size());
  std::vector<double> lower(b.size(), -1), diagonal(b.size(), 2 + k), upper(b.size(), -1);
  gtsv(n, lower.data(), diagonal.data(), upper.data(), b.data());
  return b;
}
const auto relaxed = duet::custom_vjp(
    relax,
    [](double k, const std::vector<double>& b) {
      const std::vector<double> x = relax(k, b);
      return std::pair(x, std::tuple(k, x));
    },
    [](const auto& residuals, const std::vector<double>& w) {
      const auto& [k, x] = residuals;
      const std::vector<double> b_bar = relax(k, w);
      double k_bar = 0;
      for (std::size_t i = 0; i < x.size(); ++i) k_bar -= b_bar[i] * x[i];
      return std::tuple(k_bar, b_bar);
    });

// The inverse of the error function. A rule that calls the function itself takes it as its first argument: then
// derivatives of any order need nothing but Boost's values.
const auto erf_inv = duet::custom_jvp([](double x) { return boost::math::erf_inv(x); },
                                      [](const auto& self, const auto& x, const auto& t) {
                                        using std::exp;
                                        const auto y = self(x);
                                        return std::pair(y, 0.8862269254527580 * exp(y * y) * t);
                                      });

int main() {
  using Tape = duet::DynamicTape<double>;
  // the derivative of x_0 + x_1 + x_2 by the stiffness and by the loads
  const auto total = [](const auto& k, const auto& b) {
    const auto x = relaxed(k, b);
    return x[0] + x[1] + x[2];
  };
  const auto [k_bar, b_bar] = duet::grad<Tape>(total)(1.0, std::vector<double>{1, 2, 3});
  const double h = 1e-6,
               difference =
                   (total(1 + h, std::vector<double>{1, 2, 3}) - total(1 - h, std::vector<double>{1, 2, 3})) / (2 * h);
  std::printf("d/dk = %.6f (%.6f by differences), d/db = %.6f %.6f %.6f\n", k_bar, difference, b_bar[0], b_bar[1],
              b_bar[2]);

  // y = erf_inv(x): y'' = 2 y y' y'
  const double y = erf_inv(0.5), slope = duet::grad<Tape>(erf_inv)(0.5),
               bend = duet::derivative<2, duet::Forward>(erf_inv)(0.5);
  std::printf("erf_inv: %.6f, %.6f, %.6f\n", y, slope, bend);
  const bool right = std::abs(k_bar - difference) < 1e-6 && std::abs(bend - 2 * y * slope * slope) < 1e-12;
  return right ? 0 : 1;
}
