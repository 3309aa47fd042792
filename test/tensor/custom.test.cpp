// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Functions of tensors with rules of their own.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/custom.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/sum.hpp>

using duet::Tensor;
using T = Tensor<double>;
namespace op = duet::op;
using duet::tensor::add;
using duet::tensor::apply;
using duet::tensor::mul;

namespace {

bool close(const T& x, std::initializer_list<double> numbers) {
  const std::vector<double> elements = x.vector();
  return std::equal(numbers.begin(), numbers.end(), elements.begin(), elements.end(),
                    [](double a, double b) { return std::abs(a - b) < 1e-12; });
}
T leaf(std::initializer_list<duet::tensor::Nested<double>> rows) { return T(rows).requires_grad(); }

/// exp, as its own residual.
const auto exponential = duet::custom_vjp([](const T& x) { return apply<op::Exp>(x); },
                                          [](const T& x) {
                                            const T y = apply<op::Exp>(x);
                                            return std::pair(y, y);
                                          },
                                          [](const T& y, const T& w) { return mul(y, w); });

}  // namespace

TEST_CASE("custom_vjp: the backward function gives the gradients, of any order") {
  const T x = leaf({0, 1});
  const T y = exponential(x);
  CHECK(y.grad_fn()->name() == "CustomVjp");
  const double e = std::exp(1.0);
  CHECK(close(y, {1, e}));
  const T first = duet::autograd::grad<double>({sum(mul(y, y))}, {x}, {.create_graph = true})[0];
  CHECK(close(first, {2, 2 * e * e}));
  const T second = duet::autograd::grad<double>({sum(first)}, {x}, {.create_graph = true})[0];
  CHECK(close(second, {4, 4 * e * e}));
  CHECK(close(duet::autograd::grad<double>({sum(second)}, {x})[0], {8, 8 * e * e}));
}

TEST_CASE("custom_vjp: what the backward function says is obeyed, also where it is not the derivative") {
  const auto straight_through =
      duet::custom_vjp([](const T& x) { return apply<op::Floor>(x); },
                       [](const T& x) { return std::pair(apply<op::Floor>(x), std::tuple()); },
                       [](const std::tuple<>&, const T& w) { return w; });
  const T x = leaf({0.5, 1.5});
  sum(mul(straight_through(x), 3.0)).backward();
  CHECK(close(x.grad(), {3, 3}));
}

TEST_CASE("custom_vjp: several arguments, passive ones, formulas, and several results") {
  const auto both = duet::custom_vjp(
      [](const T& x, double k, const T& y) { return std::pair(mul(x, k), mul(x, y)); },
      [](const T& x, double k, const T& y) { return std::pair(std::pair(mul(x, k), mul(x, y)), std::tuple(x, k, y)); },
      [](const auto& residuals, const auto& w) {
        const auto& [x, k, y] = residuals;
        return std::tuple(add(mul(w.first, k), mul(w.second, y)), 0.0, mul(w.second, x));
      });
  const T x = leaf({1, 2}), y = leaf({3, 4});
  const auto [a, b] = both(2 * x, 10, y);
  CHECK(close(a, {20, 40}));
  CHECK(close(b, {6, 16}));
  sum(add(a, b)).backward({.retain_graph = true});
  CHECK(close(x.grad(), {26, 28}));
  CHECK(close(y.grad(), {2, 4}));
  x.state()->grad = nullptr;
  sum(a).backward();  // only one of the results
  CHECK(close(x.grad(), {20, 20}));
}

TEST_CASE(
    "custom_vjp: nothing is called or kept where nothing is recorded, and residuals that hold the value are freed") {
  int forward_calls = 0;
  const auto f = duet::custom_vjp([](const T& x) { return x; },
                                  [&](const T& x) {
                                    ++forward_calls;
                                    return std::pair(x, x);
                                  },
                                  [](const T&, const T& w) { return w; });
  CHECK(f(T{1, 2}).is_leaf());
  const T x = leaf({1, 2});
  {
    const duet::NoGrad guard;
    CHECK(f(x).is_leaf());
  }
  CHECK(forward_calls == 0);
  std::weak_ptr<duet::tensor::Node<double>> graph;
  {
    T y = exponential(x);
    graph = y.grad_fn();
    y = f(x);
    CHECK(y.data() != x.data());
  }
  CHECK(graph.expired());
  CHECK(forward_calls == 1);
}

TEST_CASE("custom_vjp: errors name what is wrong") {
  const T x = leaf({1, 2});
  const auto bad_shape =
      duet::custom_vjp([](const T& z) { return mul(z, 2.0); }, [](const T& z) { return std::pair(mul(z, 2.0), 0); },
                       [](int, const T&) { return T(1.0); });
  CHECK_THROWS_AS(sum(bad_shape(x)).backward(), duet::ShapeError);

  T factor{3, 4};
  const auto scaled = duet::custom_vjp([&](const T& z) { return mul(z, factor); },
                                       [&](const T& z) { return std::pair(mul(z, factor), factor); },
                                       [](const T& k, const T& w) { return mul(k, w); });
  const T y = sum(scaled(x));
  factor += 1;
  CHECK_THROWS_AS(y.backward(), duet::InplaceError);

  const auto by_loop =
      duet::custom_vjp([](const T& z) { return z.copy(); }, [](const T& z) { return std::pair(z.copy(), z.copy()); },
                       [](const T& z, const T& w) { return mul(z, w); });
  const T z = sum(by_loop(x));
  CHECK_THROWS_AS(z.backward({.retain_graph = true, .create_graph = true}), duet::Error);
  z.backward();
  CHECK(close(x.grad(), {1, 2}));
  CHECK_THROWS_AS(z.backward(), duet::GraphFreedError);
}

TEST_CASE("custom_jvp: the rule is transposed, and differentiated for derivatives of higher order") {
  const auto product = duet::custom_jvp([](const T& a, const T& b) { return mul(a, b); },
                                        [](const auto& primals, const auto& tangents) {
                                          const auto& [a, b] = primals;
                                          const auto& [s, t] = tangents;
                                          return std::pair(mul(a, b), add(mul(s, b), mul(a, t)));
                                        });
  const T x = leaf({1, 2}), y = leaf({3, 4});
  const T z = product(x, y);
  CHECK(z.grad_fn()->name() == "CustomJvp");
  z.backward({.gradient = T{1, 10}, .retain_graph = true});
  CHECK(close(x.grad(), {3, 40}));
  CHECK(close(y.grad(), {1, 20}));
  const T first = duet::autograd::grad<double>({sum(mul(z, z))}, {x}, {.create_graph = true})[0];
  CHECK(close(first, {2 * 9, 2 * 2 * 16}));  // 2 x y^2
  const auto second = duet::autograd::grad<double>({sum(first)}, {x, y});
  CHECK(close(second[0], {18, 32}));
  CHECK(close(second[1], {4 * 1 * 3, 4 * 2 * 4}));

  const T constant{5, 6};
  const T w = product(constant, y);
  CHECK(close(duet::autograd::grad<double>({sum(w)}, {y})[0], {5, 6}));
  CHECK(product(constant, constant).is_leaf());
}

TEST_CASE("custom rules of scalars hold for tensors: the rule is written once") {
  const auto softplus =
      duet::custom_jvp([](const auto& x) { return log(1 + exp(x)); },
                       [](const auto& x, const auto& t) { return std::pair(log(1 + exp(x)), t / (1 + exp(-x))); });
  const T x = leaf({0, 1});
  const T y = softplus(x);
  sum(y).backward();
  CHECK(close(y, {std::log(2), std::log(1 + std::exp(1))}));
  CHECK(close(x.grad(), {0.5, 1 / (1 + std::exp(-1))}));
}
