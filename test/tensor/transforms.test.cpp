// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
#include <duet/tensor.hpp>

#include <doctest/doctest.h>

#include <duet/tensor/transforms.hpp>

namespace {

using duet::Tensor;

struct Line {
  Tensor<double> slope, shift;
};

TEST_CASE("the gradient of a function of tensors is that of backward(), which it leaves alone") {
  Tensor<double> x({1.0, 2.0}), y({3.0, 5.0});
  x.requires_grad();
  const auto f = [](const auto& a, const auto& b) { return sum(a * a * b); };
  const auto [value, gradient] = duet::value_and_grad(f)(x.detach(), y);
  CHECK(value.item() == 23);
  CHECK(std::get<0>(gradient).vector() == std::vector{6.0, 20.0});
  CHECK(std::get<1>(gradient).vector() == std::vector{1.0, 4.0});
  CHECK_FALSE(x.grad().defined());
  CHECK_FALSE(value.needs_grad());
  CHECK(duet::grad(f, duet::wrt<1>)(x.detach(), y).vector() == std::vector{1.0, 4.0});
}

TEST_CASE("structures of tensors have gradients in their structure") {
  const Tensor<double> x({0.0, 1.0, 2.0}), y({1.0, 3.0, 5.0});
  const Line line{1.0, 0.0};
  const auto loss = [](const auto& p, const auto& x, const auto& y) { return sum(square(p.slope * x + p.shift - y)); };
  const auto [value, g] = duet::value_and_grad(loss, duet::wrt<0>)(line, x, y);
  CHECK(value.item() == 14);
  CHECK(g.slope.item() == -16);
  CHECK(g.shift.item() == -12);
}

TEST_CASE("a mapped function: value, gradients of elements and of shared numbers") {
  const Tensor<double> x({1.0, 2.0, 3.0});
  const auto f = [](const auto& xs, const auto& a) {
    return map_sum([](auto e, auto b) { return b * e * e; }, each(xs), a);
  };
  const auto [value, gradient] = duet::value_and_grad(f)(x, 0.5);
  CHECK(value.item() == 7);
  CHECK(std::get<0>(gradient).vector() == std::vector{1.0, 2.0, 3.0});
  CHECK(std::get<1>(gradient).item() == 14);
}

TEST_CASE("gradients nest") {
  const Tensor<double> x({1.0, 2.0});
  const auto f = [](const auto& a) { return sum(a * a * a); };
  const auto second = duet::grad([&](const auto& a) { return sum(duet::grad(f)(a)); })(x);
  CHECK(second.vector() == std::vector{6.0, 12.0});
}

TEST_CASE("what a function does not depend on has zeros") {
  const Tensor<double> x({1.0, 2.0}), y(1.0);
  const auto g = duet::grad([](const auto& a, const auto&) { return sum(a); })(x, y);
  CHECK(std::get<1>(g).vector() == std::vector{0.0});
}

TEST_CASE("a result of several numbers is an error") {
  const Tensor<double> x({1.0, 2.0});
  CHECK_THROWS_AS(duet::grad([](const auto& a) { return a * a; })(x), duet::Error);
}

}  // namespace
