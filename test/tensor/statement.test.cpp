// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Statements: one operation each, with broadcasting, and their gradients.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <duet/tensor.hpp>

using duet::Tensor;

namespace {

bool is_near(const Tensor<double>& x, const Tensor<double>& y) {
  const std::vector<double> a = x.vector(), b = y.vector();
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double a, double b) { return std::abs(a - b) <= 1e-12 * (1 + std::abs(b)); });
}

}  // namespace

TEST_CASE("a statement is one node, whatever its length") {
  Tensor<double> x = duet::arange(4.0).requires_grad();
  Tensor<double> y = exp(-x * x) * 3 + x;
  CHECK(y.grad_fn()->name() == "Add");
  for (const auto& next : y.grad_fn()->next_functions()) CHECK(next->name() == "AccumulateGrad");
}

TEST_CASE("tensors that occur several times have the sum of their gradients") {
  Tensor<double> x = duet::arange(4.0).requires_grad();
  Tensor<double> y = 2 * x * x;
  sum(y).backward();
  CHECK(x.grad().array() == xt::xarray<double>{0, 4, 8, 12});
}

TEST_CASE("gradients of broadcast tensors are sums over what they were broadcast to") {
  Tensor<double> w{{1, 2, 3}, {4, 5, 6}}, row{10, 20, 30}, column{{100}, {200}}, number = 7.0;
  for (Tensor<double>* x : {&w, &row, &column, &number}) x->requires_grad();
  Tensor<double> y = w * row * column * number;
  CHECK(y.shape() == duet::Shape{2, 3});
  sum(y).backward();
  CHECK(row.grad().array() == xt::xarray<double>{7. * (100 + 800), 7. * (200 + 1000), 7. * (300 + 1200)});
  CHECK(column.grad().array() == Tensor<double>{{7. * (10 + 40 + 90)}, {7. * (40 + 100 + 180)}}.array());
  CHECK(number.grad().item() == 100. * (10 + 40 + 90) + 200. * (40 + 100 + 180));
}

TEST_CASE("a tensor changes in place where nothing is recorded, and in the graph where it is") {
  Tensor<double> x{1, 2, 3};
  const double* const before = x.data();
  x *= 2;
  x += Tensor<double>{1.0};
  CHECK(x.data() == before);
  CHECK(x.array() == xt::xarray<double>{3, 5, 7});
  Tensor<double> w{1, 2, 3};
  w.requires_grad();
  CHECK_THROWS_AS(w += 1, duet::InplaceError);
  Tensor<double> y = w * w;
  y *= 3;
  sum(y).backward();
  CHECK(w.grad().array() == xt::xarray<double>{6, 12, 18});
}

TEST_CASE("a map over tensors is the statement that its function is") {
  Tensor<double> x = duet::linspace(0.1, 2, 1003), y = duet::linspace(-1, 1, 1003), a = 0.7;
  for (Tensor<double>* one : {&x, &y, &a}) one->requires_grad();
  const double captured = 3;
  const auto f = [captured](const auto& u, const auto& v, const auto& s, const auto& t) {
    return exp(-u * v) * s + log(u) * t * captured;
  };
  const Tensor<double> mapped = duet::map(f, each(x), each(y), a, 2.0);
  const Tensor<double> written = exp(-x * y) * a + log(x) * 2 * 3;
  CHECK(is_near(mapped, written));
  CHECK(mapped.grad_fn()->name() == "Map");

  duet::map_sum(f, each(x), each(y), a, 2.0).backward();
  const auto by_map = std::vector{x.grad().copy(), y.grad().copy(), a.grad().copy()};
  for (Tensor<double>* one : {&x, &y, &a}) one->zero_grad();
  sum(written * 1).backward();
  const auto by_statement = std::vector{x.grad(), y.grad(), a.grad()};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(is_near(by_map[k], by_statement[k]));
  }
}

TEST_CASE("a statement and its gradients need no temporary memory") {
  Tensor<double> x = duet::linspace(0.1, 2, 100000), w = duet::linspace(-1, 1, 100000), v = duet::ones({100000});
  for (Tensor<double>* one : {&x, &w}) one->requires_grad();
  const auto count = [] { return duet::tensor_memory().allocations; };
  std::size_t before = count();
  const Tensor<double> y = tanh(x * w) * exp(-x) + x / (1 + w * w);
  CHECK(count() - before == 1);
  before = count();
  y.backward({.gradient = v});
  CHECK(count() - before == 2);  // the two gradients
  x.zero_grad();
  w.zero_grad();
  before = count();
  const Tensor<double> z = sum(tanh(x * w) * exp(-x) + x / (1 + w * w));
  // a number, and the derivatives that come along with it; a GPU's processors need room for sums of their own
  CHECK(count() - before - 3 <= (duet::DefaultPlace::is_main_memory ? 0 : 1));
  before = count();
  z.backward();
  CHECK(count() - before == 1);  // the seed
}

TEST_CASE("a sum that nothing depends on has gradient zero, also where its derivative is infinite") {
  Tensor<double> x{0, 4};
  x.requires_grad();
  const Tensor<double> y = sum(sqrt(x));
  (0 * y).tensor().backward({.retain_graph = true});
  CHECK(x.grad().array() == xt::xarray<double>{0, 0});
  y.backward();
  CHECK(x.grad().array() == xt::xarray<double>{std::numeric_limits<double>::infinity(), 0.25});
}
