// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Second derivatives and Taylor coefficients of functions of structs, some members of which are not differentiated.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <tuple>

#include <duet/duet.hpp>

namespace {

using duet::BySize, duet::Forward, duet::DynamicTape;

template <class T>
struct Model {
  T amplitude;
  int power;
  T centre;
  std::string name;
  bool operator==(const Model&) const = default;
};

// a c^p at a = 2, p = 3, c = 1.5
const Model<double> at{2, 3, 1.5, "peak"}, along{1, 3, 2, "peak"};
const auto monomial = []<class T>(const Model<T>& m) {
  T y = m.amplitude;
  for (int i = 0; i < m.power; ++i) y = y * m.centre;
  return y;
};
const auto residuals = []<class T>(const Model<T>& m) { return std::array<T, 2>{m.amplitude * m.centre, m.centre}; };

}  // namespace

TEST_CASE_TEMPLATE("gradient, Hessian and diagonal keep what is not differentiated", P, BySize, Forward,
                   DynamicTape<>) {
  const auto [y, gradient, hessian] = duet::value_grad_hessian<P>(monomial)(at);
  CHECK(y == 6.75);
  CHECK(gradient == Model<double>{3.375, 3, 13.5, "peak"});
  CHECK(hessian(0, 0) == 0);
  CHECK(hessian(0, 1) == 6.75);
  CHECK(hessian(1, 0) == 6.75);
  CHECK(hessian(1, 1) == 18);
  CHECK(duet::hessian_diagonal<P>(monomial)(at) == Model<double>{0, 3, 18, "peak"});
}

TEST_CASE_TEMPLATE("products with the Hessian have the struct of the direction", P, BySize, Forward, DynamicTape<>) {
  const Model<double> product{13.5, 3, 42.75, "peak"};
  CHECK(duet::hvp<P>(monomial, at, along) == product);
  CHECK(duet::vhp<P>(monomial, at, along) == product);
}

TEST_CASE_TEMPLATE("a Gauss-Newton product has the struct of the direction", P, BySize, Forward, DynamicTape<>) {
  // J = (c, a; 0, 1)
  CHECK(duet::gauss_newton_product<P>(residuals, at, along) == Model<double>{8.25, 3, 13, "peak"});
}

TEST_CASE_TEMPLATE("Taylor coefficients along a direction in the struct", P, Forward, DynamicTape<>) {
  // (2 + t) (1.5 + 2 t)^3
  const auto c = duet::taylor<4, P>(monomial, at, along);
  CHECK(c[0] == 6.75);
  CHECK(c[1] == 30.375);
  CHECK(c[2] == 49.5);
  CHECK(c[3] == 34);
  CHECK(c[4] == 8);
}
