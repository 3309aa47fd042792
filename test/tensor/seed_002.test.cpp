// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The programs of seed document 002; its Jacobians are in functional.test.cpp, its profile in test/tool.
#include <doctest/doctest.h>

#include <numbers>

#include "seed.hpp"

using namespace seed;

TEST_CASE("002-chain: sin, doubled, plus one, summed; the operations behind it, and its gradient") {
  T a = duet::linspace(0, 2 * std::numbers::pi, 25).requires_grad();
  const T b = sin(a), c = 2 * b, d = c + 1, out = sum(d);
  CHECK(out.item() == doctest::Approx(25));
  const auto add = d.grad_fn(), mul = add->next_functions()[0], sine = mul->next_functions()[0],
             accumulate = sine->next_functions()[0];
  CHECK(add->name() == "Add");
  CHECK(mul->name() == "Mul");
  CHECK(sine->name() == "Sin");
  CHECK(accumulate->name() == "AccumulateGrad");
  CHECK(accumulate->next_functions().empty());
  CHECK(c.grad_fn() == mul);
  CHECK(b.grad_fn() == sine);
  CHECK(a.grad_fn() == nullptr);
  out.backward();
  CHECK(same(a.grad(), 2 * cos(a), 1e-14));
  CHECK(!c.grad().defined());
}

TEST_CASE("002-flag: flags of leaves, scopes and wrapped functions say what is tracked") {
  T a = duet::ones({2, 3}).requires_grad();
  CHECK(T(2 * a).needs_grad());
  a.requires_grad(false);
  CHECK(!T(2 * a).needs_grad());

  const T p = T(2 * duet::ones({2, 3}).requires_grad()), q = T(3 * duet::ones({2, 3}).requires_grad());
  CHECK(T(p + q).grad_fn()->name() == "Add");
  {
    const duet::NoGrad guard;
    const T c2 = p + q;
    CHECK(!c2.needs_grad());
    CHECK(is(c2, {5, 5, 5, 5, 5, 5}));
    const duet::EnableGrad inner;
    CHECK(T(p + q).needs_grad());
  }
  CHECK(T(p * q).grad_fn()->name() == "Mul");
  const auto add_tensors = [](const T& x, const T& y) { return T(x + y); };
  CHECK(add_tensors(p, q).needs_grad());
  CHECK(!duet::no_grad(add_tensors)(p, q).needs_grad());
}

TEST_CASE("002-leaf: a leaf that requires a gradient can't be changed in place") {
  T a = duet::linspace(0, 2 * std::numbers::pi, 25).requires_grad();
  CHECK_THROWS_AS(a.assign(sin(a)), duet::InplaceError);
  CHECK(a.vector()[24] == 2 * std::numbers::pi);
}

TEST_CASE("002-vjp: the gradient of repeated doubling is a power of two times the weights") {
  T x = leaf({0.38, 1.05, -1.51});
  T y = x * 2;
  double factor = 2;
  while (sqrt(sum(y.detach() * y.detach())) < 1000.0) {
    y = y * 2;
    factor *= 2;
  }
  y.backward({.gradient = T{0.1, 1, 0.0001}});
  CHECK(is(x.grad(), {0.1 * factor, factor, 0.0001 * factor}, 1e-9));
  CHECK(factor == 1024);
}

TEST_CASE("002-scalar: backward without a gradient needs one number, and the error names the shape") {
  T x = leaf({1, 2, 3});
  const T y = x * 2;
  CHECK_THROWS_WITH_AS(y.backward(),
                       "backward: a result of shape (3,) is not one number, so say what its gradient is: "
                       "backward({.gradient = v})",
                       duet::ShapeError);
}
