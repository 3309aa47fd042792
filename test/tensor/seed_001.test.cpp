// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The programs of seed document 001.
#include <doctest/doctest.h>

#include <string>

#include "seed.hpp"

using namespace seed;

namespace {

T norm(const T& x) { return sqrt(sum(x * x)); }

/// Control flow that depends on values.
T doubled(const T& a) {
  T b = a * 2;
  while (norm(b) < 1000.0) b = b * 2;
  return sum(b) > 0.0 ? b : T(100 * b);
}

}  // namespace

TEST_CASE("001-dot, 001-accumulate: 2 x.x, then a sum, in the same gradient") {
  T x = duet::arange(4.0).requires_grad();
  CHECK(!x.grad().defined());
  const T y = 2 * sum(x * x);
  CHECK(y.item() == 28);
  y.backward();
  CHECK(same(x.grad(), 4 * x));
  const double* const memory = x.grad().data();
  x.zero_grad();
  sum(x).backward();
  CHECK(is(x.grad(), {1, 1, 1, 1}));
  CHECK(x.grad().data() == memory);
  sum(x).backward();
  CHECK(is(x.grad(), {2, 2, 2, 2}));
  CHECK(x.grad().data() == memory);
}

TEST_CASE("001-vector: a sum's gradient, a gradient of ones, and weights") {
  T x = duet::arange(4.0).requires_grad();
  const T y = x * x;
  sum(y).backward({.retain_graph = true});
  CHECK(is(x.grad(), {0, 2, 4, 6}));
  x.zero_grad();
  y.backward({.gradient = duet::ones({4}), .retain_graph = true});
  CHECK(is(x.grad(), {0, 2, 4, 6}));
  const T v{1, -2, 0.5, 3};
  x.zero_grad();
  y.backward({.gradient = v, .retain_graph = true});
  const T by_gradient = x.grad().copy();
  x.zero_grad();
  sum(y * v).backward();
  CHECK(same(x.grad(), by_gradient));
}

TEST_CASE("001-detach: a detached value is a constant that shares memory") {
  T x = duet::arange(4.0).requires_grad();
  const T y = x * x, u = y.detach(), z = u * x;
  CHECK(u.data() == y.data());
  CHECK(!u.needs_grad());
  sum(z).backward();
  CHECK(same(x.grad(), u));
  CHECK(is(x.grad(), {0, 1, 4, 9}));
  x.zero_grad();
  sum(y).backward();
  CHECK(same(x.grad(), 2 * x));
}

TEST_CASE("001-control: the gradient through loops and branches") {
  for (const double value : {0.3, -1.7, 2000.0}) {
    T a = leaf(value);
    const T d = doubled(a);
    d.backward();
    CHECK(a.grad().item() == doctest::Approx(d.item() / value));
  }
  T a = leaf({{0.02, 0.013}});
  const T d = doubled(a);
  sum(d).backward();
  CHECK(same(a.grad(), T(d.detach() / a.detach()), 1e-8));
}

TEST_CASE("001-twice: a second sweep of a freed graph is an error that says how to keep it") {
  T x = duet::arange(4.0).requires_grad();
  const T y = sum(x * x);
  y.backward();
  std::string message;
  try {
    y.backward();
  } catch (const duet::GraphFreedError& error) {
    message = error.what();
  }
  CHECK(message.find("retain_graph") != std::string::npos);
  CHECK(is(x.grad(), {0, 2, 4, 6}));
}

TEST_CASE("001-loop: exp applied three times has the product of the values as its derivative") {
  T x = leaf(-0.2);
  T y = x;
  double product = 1;
  for (int k = 0; k < 3; ++k) {
    y = exp(y);
    product *= y.item();
  }
  y.backward();
  CHECK(x.grad().item() == doctest::Approx(product));
}
