// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Jacobians, Hessians and products with them, of functions of tensors.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/functional.hpp>
#include <duet/tensor/sum.hpp>

#include "check.hpp"

using duet::Tensor;
using T = Tensor<double>;
namespace fn = duet::autograd::functional;
namespace op = duet::op;
using duet::Shape;
using duet::tensor::add;
using duet::tensor::apply;
using duet::tensor::mul;

namespace {

bool close(const T& x, const T& y) {
  const std::vector<double> a = x.vector(), b = y.vector();
  return x.shape() == y.shape() &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double a, double b) { return std::abs(a - b) < 1e-10; });
}

/// 2 e^x + 3 y, of the seed.
const auto exp_adder = [](const T& x, const T& y) { return add(mul(apply<op::Exp>(x), 2.0), mul(y, 3.0)); };

/// A function of a vector with a full Jacobian, and one with a full Hessian.
const auto mixing = [](const T& x) { return mul(apply<op::Sin>(x), sum(mul(x, x))); };
const auto number = [](const T& x) { return mul(sum(apply<op::Sin>(x)), sum(mul(x, mul(x, x)))); };

T product(const T& matrix, const T& v, bool transposed) {
  const std::size_t n = v.size(), m = matrix.size() / n;
  const std::vector<double> a = matrix.vector(), x = v.vector();
  std::vector<double> y(m, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) y[i] += a[transposed ? j * m + i : i * n + j] * x[j];
  }
  return check::tensor_of(y, {m});
}

/// The derivatives of `f` by central differences, column by column.
T differences(const auto& f, const T& x) {
  const double h = 1e-5;
  const std::vector<double> at = x.vector();
  const std::size_t m = T(f(x)).size(), n = x.size();
  std::vector<double> result(m * n);
  for (std::size_t j = 0; j < n; ++j) {
    const auto moved = [&](double by) {
      std::vector<double> there = at;
      there[j] += by;
      return T(f(check::tensor_of(there, x.shape()))).vector();
    };
    const std::vector<double> up = moved(h), down = moved(-h);
    for (std::size_t i = 0; i < m; ++i) result[i * n + j] = (up[i] - down[i]) / (2 * h);
  }
  return check::tensor_of(result, {m, n});
}
bool roughly(const T& x, const T& y) {
  const std::vector<double> a = x.vector(), b = y.vector();
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double a, double b) { return std::abs(a - b) < 1e-7 * (1 + std::abs(b)); });
}

}  // namespace

TEST_CASE("002-functional: the Jacobians of 2 exp(x) + 3 y") {
  const auto [jx, jy] = fn::jacobian(exp_adder, std::tuple(T{0.9773}, T{0.8007}));
  CHECK(jx.shape() == Shape{1, 1});
  CHECK(jx.item() == doctest::Approx(5.3145).epsilon(1e-4));
  CHECK(jy.item() == 3);

  const auto [kx, ky] = fn::jacobian(exp_adder, std::tuple(T{0.5580, 0.7055, 0.4242}, T{0.6580, 0.4605, 0.3707}));
  CHECK(kx.shape() == Shape{3, 3});
  const double expected[] = {3.4942, 0, 0, 0, 4.0498, 0, 0, 0, 3.0566};
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(kx.vector()[i] == doctest::Approx(expected[i]).epsilon(1e-4));
    CHECK(ky.vector()[i] == (i % 4 == 0 ? 3 : 0));
  }
}

TEST_CASE("002-functional: vjp of repeated doubling") {
  const auto doubling = [](const T& x) {
    T y = mul(x, 2.0);
    while (std::sqrt(sum(mul(y, y)).item()) < 1000) y = mul(y, 2.0);
    return y;
  };
  const auto [value, cotangents] =
      fn::vjp(doubling, T{358.2216 / 1024, 1080.0546 / 1024, -1546.7737 / 1024}, T{0.1, 1.0, 0.0001});
  CHECK(close(value, T{358.2216, 1080.0546, -1546.7737}));
  CHECK(close(cotangents, T{102.4, 1024, 0.1024}));
}

TEST_CASE("002-functional: Hessians, and all products agree with the matrices") {
  const T x{0.3, -0.7, 1.2}, v{1, -2, 0.5};
  const T j = fn::jacobian(mixing, x), h = fn::hessian(number, x);
  CHECK(j.shape() == Shape{3, 3});
  CHECK(roughly(j, differences(mixing, x)));
  CHECK(roughly(h, differences([](const T& z) { return fn::vjp(number, z).second; }, x)));
  CHECK(close(fn::vjp(mixing, x, v).second, product(j, v, true)));
  CHECK(close(fn::jvp(mixing, x, v).second, product(j, v, false)));
  CHECK(close(fn::vhp(number, x, v).second, product(h, v, true)));
  CHECK(close(fn::hvp(number, x, v).second, product(h, v, false)));
  CHECK(close(fn::hvp(number, x, v).first, number(x)));

  const auto pairs = [](const T& a, const T& b) { return sum(exp_adder(mul(a, a), mul(a, b))); };
  const auto blocks = fn::hessian(pairs, std::tuple(T{0.5, 1.0}, T{2.0, 3.0}));
  const auto& [aa, ab] = std::get<0>(blocks);
  const auto& [ba, bb] = std::get<1>(blocks);
  const auto second = [](double a) { return 2 * std::exp(a * a) * (2 + 4 * a * a); };
  CHECK(close(aa, T{{second(0.5), 0}, {0, second(1.0)}}));
  CHECK(close(ab, T{{3, 0}, {0, 3}}));
  CHECK(close(ba, T{{3, 0}, {0, 3}}));
  CHECK(close(bb, duet::zeros({2, 2})));
}

TEST_CASE("a Jacobian with many more rows than columns is computed column by column, and is the same") {
  int sweeps = 0;
  const auto wide = [&](const T& x) {
    T s = mul(x, x);
    s.register_hook([&](const T&) { ++sweeps; });
    return mul(T{1, 2, 3, 4, 5, 6, 7}, sum(s));
  };
  const T j = fn::jacobian(wide, T{2, 3});
  CHECK(j.shape() == Shape{7, 2});
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(j.vector()[2 * i] == 4.0 * static_cast<double>(i + 1));
    CHECK(j.vector()[2 * i + 1] == 6.0 * static_cast<double>(i + 1));
  }
  CHECK(sweeps < 7);
}

TEST_CASE("any structure of tensors is a primal: a vector of parameters is one argument") {
  const std::vector<T> parameters{T{1, 2}, T(3.0)};
  const auto loss = [](const std::vector<T>& p) { return sum(mul(mul(p[0], p[0]), p[1])); };
  const auto [value, gradient] = fn::vjp(loss, parameters);
  CHECK(value.item() == 15);
  CHECK(close(gradient[0], T{6, 12}));
  CHECK(close(gradient[1], T(5.0)));
  const auto h = fn::hessian(loss, parameters);
  CHECK(close(h[0][0], T{{6, 0}, {0, 6}}));
  CHECK(close(h[0][1], T{2, 4}));
  CHECK(close(h[1][0], T{2, 4}));
}

TEST_CASE("create_graph: derivatives are parts of the graph of the primals") {
  T x = T{0.3, -0.7}.requires_grad();
  const T v{1, 2};
  const auto [value, product] = fn::vhp(number, x, v, {.create_graph = true});
  const T third = duet::autograd::grad<double>({sum(mul(product, v))}, {x}, {.create_graph = false})[0];
  const auto curvature = [&](const T& z) { return sum(mul(fn::vhp(number, z, v).second, v)); };
  CHECK(roughly(third, differences(curvature, x.detach())));
  CHECK(!x.grad().defined());
  const T pushed = fn::jvp(mixing, x, v, {.create_graph = true}).second;
  const T mixed = duet::autograd::grad<double>({sum(pushed)}, {x})[0];
  CHECK(roughly(mixed, differences([&](const T& z) { return sum(fn::jvp(mixing, z, v).second); }, x.detach())));
}

TEST_CASE("values that do not depend on a primal have zeros, and misfits are errors that name shapes") {
  const auto constant = [](const T&, const T& y) { return mul(y, y); };
  const auto [jx, jy] = fn::jacobian(constant, std::tuple(T{1, 2, 3}, T{4, 5}));
  CHECK(close(jx, duet::zeros({2, 3})));
  CHECK(close(jy, T{{8, 0}, {0, 10}}));
  CHECK(close(fn::jvp(constant, std::tuple(T{1, 2, 3}, T{4, 5}), std::tuple(T{1, 1, 1}, T{0, 0})).second, T{0, 0}));
  const auto nothing = [](const T&) { return T{1, 2}; };
  CHECK(close(fn::jacobian(nothing, T(1.0)), duet::zeros({2})));
  CHECK_THROWS_AS(fn::jvp(mixing, T{1, 2}, T{1, 2, 3}), duet::ShapeError);
  CHECK_THROWS_AS(fn::vjp(mixing, T{1, 2}), duet::ShapeError);
  CHECK_THROWS_AS(fn::hessian(mixing, T{1, 2}), duet::ShapeError);
}
