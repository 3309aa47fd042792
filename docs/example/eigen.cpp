// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Duals as the scalar of Eigen's matrices.

#include <Eigen/Dense>
#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/eigen.hpp>

using Number = duet::Dual<double, 2>;

int main() {
  // the solution of A(p, q) x = b, and its derivatives with respect to p and q
  const Number p = Number::variable(2.0, 0), q = Number::variable(1.0, 1);
  Eigen::Matrix<Number, 2, 2> a;
  a << p, q, q, p * p;
  const Eigen::Vector<Number, 2> b(1.0, 0.0);
  const Eigen::Vector<Number, 2> x = a.partialPivLu().solve(b);

  // x0 = p p / (p^3 - q^2): at (2, 1) the derivatives are -20/49 and 8/49
  std::printf("x0 = %g, dx0 = (%g, %g)\n", x[0].primal(), x[0].tangent(0), x[0].tangent(1));
  const bool right = std::abs(x[0].primal() - 4.0 / 7) < 1e-14 && std::abs(x[0].tangent(0) + 20.0 / 49) < 1e-14 &&
                     std::abs(x[0].tangent(1) - 8.0 / 49) < 1e-14;
  return right ? 0 : 1;
}
