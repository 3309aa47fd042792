// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Linear systems and roots of several unknowns, by Eigen.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <duet/rule/eigen.hpp>

int main() {
  duet::DynamicTape<double> tape;
  using Number = duet::Var<double>;
  const Number p = tape.variable(2.0), q = tape.variable(1.0);
  Eigen::Matrix<Number, 2, 2> a;
  a << p, q, q, p * p;
  const Eigen::Vector2d b(1, 0);
  const Eigen::Vector<Number, 2> x = duet::solve(a, b);  // one record, which keeps the factorisation
  tape.backward(x[0]);

  // x0 = p p / (p^3 - q^2): at (2, 1) the derivatives are -20/49 and 8/49
  std::printf("x0 = %g, dx0 = (%g, %g)\n", x[0].primal(), p.grad(), q.grad());
  return std::abs(p.grad() + 20.0 / 49) < 1e-14 && std::abs(q.grad() - 8.0 / 49) < 1e-14 ? 0 : 1;
}
