// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Derivatives of what an equation says, whoever solves it.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/rule/implicit.hpp>

// Kepler's equation: x - e sin(x) = m, solved by bisection on plain numbers.
const auto kepler = [](const auto& x, const auto& e, const auto& m) { return x - e * sin(x) - m; };
const auto bisect = [](double e, double m) {
  double low = m - 1, high = m + 1;
  for (int i = 0; i < 60; ++i) {
    const double x = (low + high) / 2;
    (x - e * std::sin(x) < m ? low : high) = x;
  }
  return low;
};
const auto anomaly = duet::root(kepler, bisect);

// A fixed point; the iteration is of a length that the compiler knows, so the static tape can record it, too.
constexpr auto cosine = duet::fixed_point([](auto x, auto a) { return cos(a * x); },
                                          [](auto a) {
                                            auto x = 0.7 + 0 * a;
                                            for (int i = 0; i < 50; ++i) x = cos(a * x);
                                            return x;
                                          });

int main() {
  const double e = 0.2, m = 1.0, x = anomaly(e, m);
  const auto [de, dm] = duet::grad<duet::DynamicTape>(anomaly)(e, m);
  const auto second = duet::hessian<duet::Forward>(anomaly)(e, m);
  std::printf("x = %.6f, dx/de = %.6f, dx/dm = %.6f, d2x/dm2 = %.6f\n", x, de, dm, second(1, 1));
  const double slope = duet::grad(cosine)(0.5), same = duet::grad<duet::Forward>(cosine)(0.5);
  std::printf("%.6f %.6f\n", slope, same);
  const bool right = std::abs(dm - 1 / (1 - e * std::cos(x))) < 1e-12 && std::abs(slope - same) < 1e-12;
  return right ? 0 : 1;
}
