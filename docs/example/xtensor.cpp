// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Duals as the elements of xtensor's arrays.

#include <cmath>
#include <cstdio>
#include <duet/duet.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>

int main() {
  using Number = duet::Dual<double>;
  const Number a = Number::variable(0.5);
  const xt::xtensor<Number, 1> x{1.0, 2.0, 3.0};

  // sum_i a x_i^2, differentiated with respect to a
  const Number y = xt::sum(a * x * x)();
  std::printf("y = %g, dy/da = %g\n", y.primal(), y.tangent());
  return y.primal() == 7 && y.tangent() == 14 ? 0 : 1;
}
