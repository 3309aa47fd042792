// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The programs of seed document 000 that are about tensors.
#include <doctest/doctest.h>

#include "seed.hpp"

using namespace seed;
using duet::autograd::grad;

TEST_CASE("000-inner: gradients with respect to intermediate values, the graph kept between calls") {
  T x1 = leaf(2.0), x2 = leaf(5.0);
  const T v1 = log(x1), v2 = x1 * x2, v3 = sin(x2), v4 = v1 + v2, y = v4 - v3;
  const auto d = [](const T& of, const std::vector<T>& by) { return grad<double>({of}, by, {.retain_graph = true}); };
  CHECK(is(v1, {0.6931}, 5e-5));
  CHECK(is(v2, {10}));
  CHECK(is(v3, {-0.9589}, 5e-5));
  CHECK(is(v4, {10.6931}, 5e-5));
  CHECK(is(y, {11.6521}, 5e-5));
  CHECK(is(d(v1, {x1})[0], {0.5}));
  CHECK(is(d(v2, {x1})[0], {5}));
  CHECK(is(d(v3, {x2})[0], {0.2837}, 5e-5));
  CHECK(is(d(v4, {x1, x2})[0], {5.5}));
  CHECK(is(d(v4, {x1, x2})[1], {2}));
  CHECK(is(d(y, {v4})[0], {1}));
  CHECK(is(d(y, {v3})[0], {-1}));
  CHECK(is(d(v4, {v2})[0], {1}));
  CHECK(is(d(v4, {v1})[0], {1}));
  CHECK(is(d(v2, {x2})[0], {2}));
  const auto all = grad<double>({y}, {x1, x2});
  CHECK(is(all[0], {5.5}));
  CHECK(is(all[1], {1.7163}, 5e-5));
  CHECK(!x1.grad().defined());
}

TEST_CASE("000-inplace: a = exp(a) is not in place; a change of elements is, and is never differentiated wrongly") {
  const T x = leaf({1, 2});
  T a = x;
  const double* const before = a.data();
  a = exp(a);
  CHECK(a.data() != before);
  CHECK(is(x, {1, 2}));
  const T y = a * a;
  const double* const elements = a.data();
  a += 10;
  CHECK(a.data() == elements);
  CHECK_THROWS_AS(sum(y).backward(), duet::InplaceError);
  CHECK(!x.grad().defined());
}

TEST_CASE("000-scalar: x^3 + b with a gradient of ones") {
  T x = leaf({7, 8, 9}), b = leaf(2.0);
  const T z = pow(x, 3) + b;
  z.backward({.gradient = duet::ones({3})});
  CHECK(is(x.grad(), {147, 192, 243}, 1e-12));
  CHECK(is(b.grad(), {3}));
}

TEST_CASE("000-inputs: a sweep restricted to inputs accumulates there only") {
  T a = leaf(1.0), b = leaf(2.0);
  const T z = pow(a, 3) + b;
  z.backward({.inputs = {a}});
  CHECK(is(a.grad(), {3}));
  CHECK(!b.grad().defined());
}

TEST_CASE("000-fn: x^2 + y x + y^2 with a gradient of ones") {
  T x = leaf({{1, 2}, {3, 4}}), y = leaf({{0.5, -1}, {2, 7}});
  const T f = x * x + y * x + y * y;
  f.backward({.gradient = duet::ones({2, 2}), .inputs = {x, y}});
  CHECK(is(x.grad(), {2.5, 3, 8, 15}));
  CHECK(is(y.grad(), {2, 0, 7, 18}));
}

TEST_CASE("000-double: the gradient of a gradient") {
  T x = leaf({{1, 2}, {3, 4}}), y = leaf({{0.5, -1}, {2, 7}});
  const T z = x * x + y * x + y * y;
  z.backward({.gradient = duet::ones({2, 2}), .create_graph = true});
  CHECK(is(x.grad(), {2.5, 3, 8, 15}));
  CHECK(is(y.grad(), {2, 0, 7, 18}));
  const T g = 2 * x.grad() + y.grad();
  CHECK(is(grad<double>({g}, {x}, {.grad_outputs = {duet::ones({2, 2})}, .create_graph = true})[0], {5, 5, 5, 5}));
}
