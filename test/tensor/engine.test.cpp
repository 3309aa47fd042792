// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Backward sweeps: what they reach, what hooks see, and what they leave behind when something throws.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

using duet::Tensor;
using T = Tensor<double>;

namespace {

T leaf(std::initializer_list<duet::tensor::Nested<double>> rows) { return T(rows).requires_grad(); }
T square(const T& x) { return duet::tensor::mul(x, x); }

bool equal(const T& x, std::initializer_list<double> numbers) {
  const std::vector<double> elements = x.vector();
  return std::equal(numbers.begin(), numbers.end(), elements.begin(), elements.end());
}

}  // namespace

TEST_CASE("a tensor that is no leaf keeps its gradient if asked to, and adds the next one") {
  const T x = leaf({1, 2, 3});
  T a = square(x), b = square(a);
  a.retain_grad();
  a.retain_grad();
  const T y = sum(b);
  y.backward({.retain_graph = true});
  CHECK(equal(a.grad(), {2, 8, 18}));
  CHECK(!b.grad().defined());
  y.backward();
  CHECK(equal(a.grad(), {4, 16, 36}));
  CHECK(equal(x.grad(), {8, 64, 216}));
}

TEST_CASE("a kept gradient belongs to the value that a change in place gave") {
  const T x = leaf({1, 2});
  T a = square(x);
  a.retain_grad();
  a *= 3;
  sum(square(a)).backward();
  CHECK(equal(a.grad(), {6, 24}));
  CHECK(equal(x.grad(), {36, 288}));
}

TEST_CASE("a hook sees the complete gradient once per sweep, on leaves and inside") {
  T x = leaf({1, 2});
  T a = square(x);
  int calls = 0;
  a.register_hook([&](const T& g) {
    ++calls;
    CHECK(equal(g, {5, 11}));
  });
  x.register_hook([&](const T& g) {
    ++calls;
    CHECK(equal(g, {10, 44}));
  });
  (sum(square(a)) + sum(duet::tensor::mul(a, 3.0))).tensor().backward();
  CHECK(calls == 2);
}

TEST_CASE("a hook may put another gradient in its place, and the next hook sees that") {
  T x = leaf({1, 2});
  T a = square(x);
  const auto id = a.register_hook([](const T& g) { return duet::tensor::mul(g, 10.0); });
  double expected = 10;
  a.register_hook([&](const T& g) { CHECK(equal(g, {expected, expected})); });
  a.register_hook([](const T&) { return T(); });
  a.retain_grad();
  const T y = sum(a);
  y.backward({.retain_graph = true});
  CHECK(equal(a.grad(), {10, 10}));
  CHECK(equal(x.grad(), {20, 40}));
  a.remove_hook(id);
  a.remove_hook(id);
  expected = 1;
  a.register_hook([](const T& g) { return duet::reshape(g, {2, 1}); });
  CHECK_THROWS_AS(y.backward(), duet::ShapeError);
  CHECK(equal(x.grad(), {20, 40}));
}

TEST_CASE("a hook may remove itself, and stays on a leaf from graph to graph") {
  T x = leaf({1, 2});
  int once = 0, always = 0;
  std::uint64_t id = 0;
  id = x.register_hook([&](const T&) {
    ++once;
    x.remove_hook(id);
  });
  x.register_hook([&](const T&) { ++always; });
  for (int k = 0; k < 3; ++k) sum(square(x)).backward();
  CHECK(once == 1);
  CHECK(always == 3);
  T constant{1, 2};
  CHECK_THROWS_AS(constant.register_hook([](const T&) {}), duet::Error);
  CHECK_THROWS_AS(constant.retain_grad(), duet::Error);
}

TEST_CASE("a sweep goes past operations that saved nothing as often as one likes, and past others once") {
  const T x = leaf({1, 2});
  const T linear = sum(x);
  linear.backward();
  linear.backward();
  CHECK(equal(x.grad(), {2, 2}));
  const T y = sum(square(x));
  y.backward();
  const auto again = [&] { y.backward(); };
  CHECK_THROWS_WITH_AS(again(),
                       "Mul: a backward sweep has been here and has freed the values that it needs; call the first "
                       "backward with {.retain_graph = true} to sweep twice",
                       duet::GraphFreedError);
  CHECK(equal(x.grad(), {4, 6}));
  sum(square(x)).backward();
  CHECK(equal(x.grad(), {6, 10}));
}

TEST_CASE("a restricted sweep carries out only what leads to its inputs, and leaves the rest of the graph usable") {
  const T x = leaf({1, 2}), w = leaf({3, 4});
  const T a = square(x), b = square(w), y = sum(duet::tensor::mul(a, b));
  y.backward({.retain_graph = true, .inputs = {x, x}});
  CHECK(equal(x.grad(), {18, 64}));
  CHECK(!w.grad().defined());
  y.backward({.inputs = {a}});
  CHECK(equal(a.grad(), {9, 16}));
  CHECK(!w.grad().defined());
  sum(b).backward();  // not freed
  CHECK(equal(w.grad(), {6, 8}));
  sum(square(x)).backward({.inputs = {w}});
  CHECK(equal(w.grad(), {6, 8}));
}

TEST_CASE("grad gives the gradients of several outputs with cotangents, and accumulates nothing") {
  const T x = leaf({1, 2}), w = leaf({3, 4}), other = leaf({5});
  T a = square(x);
  a.retain_grad();
  const T b = duet::tensor::mul(a, w);
  const auto g = duet::autograd::grad<double>({a, b}, {x, w, a}, {.grad_outputs = {T{1, 10}, T{100, 1000}}});
  CHECK(equal(g[0], {2 * (1 + 100 * 3), 4 * (10 + 1000 * 4)}));
  CHECK(equal(g[1], {100, 4000}));
  CHECK(equal(g[2], {301, 4010}));
  for (const T& one : {x, w, a}) CHECK(!one.grad().defined());

  const T y = sum(square(x));
  const auto unused = [&] { duet::autograd::grad<double>({y}, {x, other}, {.retain_graph = true}); };
  CHECK_THROWS_WITH_AS(unused(),
                       "grad: the outputs do not depend on input 1; with {.allow_unused = true} its gradient is "
                       "undefined instead",
                       duet::Error);
  const auto h = duet::autograd::grad<double>({y}, {x, other, y}, {.retain_graph = true, .allow_unused = true});
  CHECK(equal(h[0], {2, 4}));
  CHECK(!h[1].defined());
  CHECK(equal(h[2], {1}));
  CHECK_THROWS_AS(duet::autograd::grad<double>({y}, {T{1, 2}}), duet::Error);
  CHECK_THROWS_AS(duet::autograd::grad<double>({y}, {x}, {.grad_outputs = {T(1.0), T(1.0)}}), duet::ShapeError);
  CHECK_THROWS_AS(duet::autograd::grad<double>({y}, {x}, {.grad_outputs = {T{1, 2}}}), duet::ShapeError);
  CHECK(equal(duet::autograd::grad<double>({y}, {x})[0], {2, 4}));  // the errors have freed nothing
}

TEST_CASE("gradients are added up in memory that is made once") {
  T x = leaf({1, 2, 3});
  CHECK(!x.grad().defined());
  x.zero_grad();
  sum(square(x)).backward();
  const double* const memory = x.grad().data();
  const T handle = x.grad();
  sum(square(x)).backward();
  CHECK(equal(x.grad(), {4, 8, 12}));
  x.zero_grad();
  CHECK(equal(x.grad(), {0, 0, 0}));
  sum(x).backward();
  CHECK(equal(handle, {1, 1, 1}));
  CHECK(x.grad().data() == memory);
}

TEST_CASE("a gradient is the leaf's own, also where a cotangent came through untouched") {
  const T x = leaf({1, 2}), v{3, 4};
  duet::reshape(x, {1, 2}).backward({.gradient = T{{3, 4}}});
  const T y = duet::reshape(x, {2});
  y.backward({.gradient = v});
  CHECK(equal(x.grad(), {6, 8}));
  CHECK(equal(v, {3, 4}));
  CHECK(x.grad().data() != v.data());
}

TEST_CASE("create_graph gives gradients that have gradients, added up also to constant ones") {
  T x = leaf({1, 2});
  sum(square(x)).backward();
  const T y = sum(duet::tensor::mul(square(x), x));
  y.backward({.create_graph = true});
  CHECK(equal(x.grad(), {5, 16}));
  const auto second = duet::autograd::grad<double>({sum(x.grad())}, {x}, {.create_graph = true})[0];
  CHECK(equal(second, {6, 12}));
  CHECK(equal(duet::autograd::grad<double>({sum(second)}, {x})[0], {6, 6}));
  sum(square(x)).backward();  // a constant again
  CHECK(equal(x.grad(), {7, 20}));
  CHECK(!x.grad().needs_grad());
}

TEST_CASE("what throws in the middle of a sweep leaves gradients as they were and everything usable") {
  T x = leaf({1, 2}), w = leaf({3, 4});
  sum(x).backward();
  T a = square(x);
  struct Stop {};
  const auto id = a.register_hook([](const T&) { throw Stop(); });
  const T y = sum(duet::tensor::mul(a, w));
  CHECK_THROWS_AS(y.backward({.retain_graph = true}), Stop);
  CHECK(duet::is_grad_enabled());
  CHECK(equal(x.grad(), {1, 1}));
  CHECK(!w.grad().defined());
  a.remove_hook(id);
  y.backward();
  CHECK(equal(x.grad(), {1 + 2 * 3, 1 + 4 * 4}));
  CHECK(equal(w.grad(), {1, 4}));
}

TEST_CASE("a saved value that changed in place is an error, and so is a change of a leaf") {
  T x = leaf({1, 2});
  CHECK_THROWS_AS(x *= 2, duet::InplaceError);
  CHECK_THROWS_AS(x.assign(0.0), duet::InplaceError);
  {
    const duet::NoGrad guard;
    x *= 2;
  }
  CHECK(equal(x, {2, 4}));
  CHECK(x.is_leaf());
  CHECK(x.needs_grad());
  T a = square(x);
  const T y = sum(square(a));
  a += 1;
  CHECK_THROWS_AS(y.backward(), duet::InplaceError);
  CHECK(!x.grad().defined());
  const T b = square(x);
  {
    const duet::NoGrad guard;
    x += 1;
  }
  CHECK_THROWS_AS(sum(b).backward(), duet::InplaceError);
  sum(square(x)).backward();
  CHECK(equal(x.grad(), {6, 10}));
}

TEST_CASE("a product or a quotient in place by a tensor has the derivatives of one that is not") {
  const T x = leaf({1, 2}), w = leaf({2, 4});
  T a = 3 * x;
  a *= w;
  sum(a).backward();
  CHECK(equal(x.grad(), {6, 12}));
  CHECK(equal(w.grad(), {3, 6}));
  T b = 3 * x;
  b /= w * 2;
  sum(b).backward();
  CHECK(equal(x.grad(), {6.75, 12.375}));
  CHECK(equal(w.grad(), {3 - 3.0 / 8, 6 - 6.0 / 32}));
  T c = 2 * x;
  c *= T{5, 7};
  c /= T{5, 14};
  sum(c).backward();
  CHECK(equal(x.grad(), {8.75, 13.375}));
}

TEST_CASE("a change in place outside the graph keeps a tensor's place in it") {
  const T x = leaf({1, 2});
  T a = square(x);
  const auto maker = a.grad_fn();
  const duet::NoGrad guard;
  a *= 2;
  a.assign(T(7.0));
  CHECK(a.grad_fn() == maker);
  CHECK(equal(a, {7, 7}));
}

TEST_CASE("whether operations are recorded is said by scopes, which nest, and by flags of leaves") {
  T x = leaf({1, 2});
  {
    const duet::NoGrad outer;
    CHECK(!square(x).needs_grad());
    {
      const duet::EnableGrad inner;
      CHECK(square(x).needs_grad());
    }
    CHECK(!square(x).needs_grad());
  }
  CHECK(square(x).needs_grad());
  CHECK(!duet::no_grad([](const T& z) { return square(z); })(x).needs_grad());
  CHECK(duet::is_grad_enabled());
  const T before = square(x);
  x.requires_grad(false);
  CHECK(!square(x).needs_grad());
  x.requires_grad();
  sum(before).backward();
  CHECK(equal(x.grad(), {2, 4}));
  CHECK_THROWS_AS(T(before).requires_grad(), duet::Error);
}

TEST_CASE("a detached tensor is a constant in the same memory") {
  const T x = leaf({1, 2});
  const T y = square(x);
  T u = y.detach();
  CHECK(u.data() == y.data());
  CHECK(u.is_leaf());
  CHECK(!u.needs_grad());
  u += 1;
  CHECK(equal(y, {2, 5}));
  const T z = square(y);
  u += 1;
  CHECK_THROWS_AS(sum(z).backward(), duet::InplaceError);
}

TEST_CASE("a sweep from a result that is not one number needs its gradient, of its shape") {
  const T x = leaf({1, 2});
  const T y = square(x);
  CHECK_THROWS_WITH_AS(y.backward(),
                       "backward: a result of shape (2,) is not one number, so say what its gradient is: "
                       "backward({.gradient = v})",
                       duet::ShapeError);
  CHECK_THROWS_AS(y.backward({.gradient = T{1, 2, 3}}), duet::ShapeError);
  CHECK_THROWS_AS(T(1.0).backward(), duet::Error);
  y.backward({.gradient = T{1, 10}});
  CHECK(equal(x.grad(), {2, 40}));
}
