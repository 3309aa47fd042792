// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The programs of seed documents 003 and 004 that need no indices.
#include <doctest/doctest.h>

#include "seed.hpp"

using namespace seed;

namespace {

/// y = (x + w) (w + 1) at x = 2, w = 1.
struct Graph {
  T x = leaf({2}), w = leaf({1});
  T a = x + w, b = w + 1, y = a * b;
};

}  // namespace

TEST_CASE("003-graph: gradients of leaves, kept ones, and the operations by name") {
  Graph g;
  g.a.retain_grad();
  g.y.backward();
  CHECK(is(g.w.grad(), {5}));
  CHECK(is(g.x.grad(), {2}));
  CHECK(is(g.a.grad(), {2}));
  CHECK(!g.b.grad().defined());
  CHECK(!g.y.grad().defined());
  CHECK(g.x.is_leaf());
  CHECK(g.w.is_leaf());
  for (const T& inner : {g.a, g.b, g.y}) CHECK(!inner.is_leaf());
  CHECK(g.x.grad_fn() == nullptr);
  CHECK(g.w.grad_fn() == nullptr);
  CHECK(g.a.grad_fn()->name() == "Add");
  CHECK(g.b.grad_fn()->name() == "Add");
  CHECK(g.y.grad_fn()->name() == "Mul");
}

TEST_CASE("003-retain: two sweeps of a graph that is kept") {
  Graph g;
  duet::autograd::backward<double>({g.y}, {}, {.retain_graph = true});
  g.y.backward({.retain_graph = true});
  CHECK(is(g.w.grad(), {10}));
  CHECK(is(g.x.grad(), {4}));
}

TEST_CASE("003-weights: several results with weights") {
  for (const double weight : {1.0, 2.0}) {
    Graph g;
    const T y1 = g.a + g.b;
    duet::autograd::backward<double>({g.y, y1}, {T{1}, T{weight}}, {.retain_graph = true});
    CHECK(is(g.w.grad(), {weight == 1 ? 7.0 : 9.0}));
    CHECK(is(g.x.grad(), {weight == 1 ? 3.0 : 4.0}));
  }
}

TEST_CASE("003-second: the second derivative of a square") {
  T x = leaf({3});
  const T y = pow(x, 2);
  const auto first = duet::autograd::grad<double>({y}, {x}, {.create_graph = true});
  CHECK(is(first[0], {6}, duet::DefaultPlace::is_main_memory ? 0 : 1e-15));  // powers of a GPU may be off by a bit
  CHECK(is(duet::autograd::grad<double>({first[0]}, {x})[0], {2}));
}

TEST_CASE("003-zero: two rounds with a gradient that is zeroed in between") {
  T x = leaf({2}), w = leaf({1});
  for (int round = 0; round < 2; ++round) {
    const T a = x + w, b = w + 1, y = a * b;
    y.backward();
    CHECK(is(w.grad(), {5}));
    w.zero_grad();
  }
}

TEST_CASE("003-tracked: what is computed from leaves that require gradients requires them") {
  const Graph g;
  for (const T& inner : {g.a, g.b, g.y}) CHECK(inner.needs_grad());
}

TEST_CASE("003-leaf: a leaf that requires a gradient can't be added to in place") {
  T w = leaf({1});
  CHECK_THROWS_AS(w += 1, duet::InplaceError);
  CHECK(is(w, {1}));
}

TEST_CASE("004-mean: the mean of 3 (x + 2)^2") {
  T x = duet::ones({2, 2}).requires_grad();
  const T y = x + 2, z = y * y * 3;
  mean(z).backward();
  CHECK(is(x.grad(), {4.5, 4.5, 4.5, 4.5}));
}

TEST_CASE("004-sum: a sum's gradient and a gradient of ones are the same") {
  for (const bool summed : {true, false}) {
    T x = duet::arange(3.0).requires_grad();
    const T y = x * x + x * 2;
    summed ? sum(y).backward() : y.backward({.gradient = T{1, 1, 1}});
    CHECK(is(x.grad(), {2, 4, 6}));
  }
}
