// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Conditions on tensors: masks, choices, and the larger and smaller of two.
#include <doctest/doctest.h>

#include <duet/tensor/mask.hpp>

#include "check.hpp"

using duet::Mask;
using duet::Tensor;

namespace {
const Tensor<double> x{{-1, 0, 2}, {3, -4, 5}};
}

TEST_CASE("a mask holds the truth values of a condition") {
  CHECK(duet::mask(x > 0) == Mask{{false, false, true}, {true, false, true}});
  CHECK(duet::mask(x) == Mask{{true, false, true}, {true, true, true}});
  CHECK(duet::mask(x > 0 && !(x == 2.0)) == Mask{{false, false, false}, {true, false, true}});
  CHECK(duet::mask(x <= Tensor<double>{0, 0, 2}) == Mask{{true, true, true}, {false, true, false}});
}

TEST_CASE("any and all judge all elements, or those along axes") {
  CHECK(any(x > 4));
  CHECK_FALSE(any(x > 5));
  CHECK(all(x < 6));
  CHECK_FALSE(all(x < 5));
  CHECK(any(x < 0, 1) == Mask{true, true});
  CHECK(any(x < 0, 0) == Mask{true, true, false});
  CHECK(all(x < 3, 1) == Mask{true, false});
  CHECK(all(x > -2, {0}, true) == Mask{{true, false, true}});
  CHECK(any(x == 5.0, {0, 1}).dimension() == 0);
  CHECK_THROWS_AS(any(x > 0, 2), duet::ShapeError);
}

TEST_CASE("any of no elements is false, all of them is true") {
  const Tensor<double> none = Tensor<double>::full({2, 0}, 1);
  CHECK_FALSE(any(none));
  CHECK(all(none));
  CHECK(any(none, 1) == Mask{false, false});
  CHECK(all(none, 1) == Mask{true, true});
}

TEST_CASE("where chooses by a condition or a mask, and each side gets the cotangents of what it gave") {
  const Tensor<double> low = check::sample({2, 3}), high = check::sample({3}, 2, 3);
  check::check_gradients([](const auto& a, const auto& b) { return where(x > 0, exp(a) * b, a * a); }, {low, high});
  const Mask mask = duet::mask(x > 0);
  check::check_gradients([&](const auto& a, const auto& b) { return duet::where(mask, a * a, sin(b)); }, {low, high});
  Tensor<double> y = duet::where(mask, low, 7.0);
  for (std::size_t i = 0; i < 6; ++i) CHECK(y.vector()[i] == (x.vector()[i] > 0 ? low.vector()[i] : 7));
}

TEST_CASE("a mask broadcasts like a tensor") {
  Tensor<double> y = duet::where(duet::mask(Tensor<double>{{1}, {0}}), x, 0.0);
  check::same(y, {{-1, 0, 2}, {0, 0, 0}});
  CHECK_THROWS_AS((Tensor<double>(duet::where(Mask{true, false}, x, 0.0))), duet::ShapeError);
}

TEST_CASE("the branch not taken does not spoil the gradient") {
  Tensor<double> z{0, 4};
  z.requires_grad();
  sum(where(z > 0, sqrt(z), z)).backward();
  check::same(z.grad(), {1, 0.25});
}

TEST_CASE("maximum and minimum are those of the elements, and ties share") {
  Tensor<double> a{1, 5, 3}, b{2, 4, 3};
  a.requires_grad();
  b.requires_grad();
  Tensor<double> larger = maximum(a, b), smaller = minimum(a, b);
  check::same(larger, {2, 5, 3});
  check::same(smaller, {1, 4, 3});
  sum(larger).backward();
  check::same(a.grad(), {0, 1, 0.5});
  check::same(b.grad(), {1, 0, 0.5});
  const Tensor<double> x1 = check::sample({2, 3}), x2 = check::sample({3}, -1, 1, 3);
  check::check_gradients([](const auto& p, const auto& q) { return maximum(p * p, q); }, {x1, x2});
  check::check_gradients([](const auto& p, const auto& q) { return minimum(p, q * p); }, {x1, x2});
  Tensor<double> clipped = minimum(a, 2.0);
  check::same(clipped, {1, 2, 2});
}
