// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Joining, splitting, padding, triangles: values against xtensor's, derivatives against differences.
#include "check.hpp"

#include <xtensor/xbuilder.hpp>

#include <duet/tensor/create.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/triangle.hpp>

using check::array_of;
using check::check_gradients;
using check::same;
using check::sample;
using check::squared;
using duet::Shape;
using duet::ShapeError;
using duet::Tensor;

TEST_CASE("joined and stacked tensors are those of xtensor") {
  const Tensor<double> x = sample({2, 3}), y = sample({2, 3}, -1, 1, 5), z = sample({2, 1});
  const xt::xarray<double> a = array_of(x), b = array_of(y), c = array_of(z);
  same(duet::concatenate({x, y}), xt::concatenate(xt::xtuple(a, b), 0));
  same(duet::concatenate({x, z, y}, -1), xt::concatenate(xt::xtuple(a, c, b), 1));
  same(duet::stack({x, y}), xt::stack(xt::xtuple(a, b), 0));
  same(duet::stack({x, y}, 1), xt::stack(xt::xtuple(a, b), 1));
  same(duet::stack(std::vector<Tensor<double>>{x, y, x}, -1), xt::stack(xt::xtuple(a, b, a), 2));
  same(duet::stack({Tensor<double>(1.0), Tensor<double>(2.0)}), {1, 2});
}

TEST_CASE("split undoes concatenate") {
  const Tensor<double> x = sample({2, 7, 3});
  for (std::ptrdiff_t axis : {0, 1, -1}) {
    const auto parts = split(x, 2, axis);
    same(duet::concatenate(parts, axis), x);
  }
  const auto parts = split(x, {1, 4, 2}, 1);
  CHECK(parts.size() == 3);
  CHECK(parts[1].shape() == Shape{2, 4, 3});
  same(duet::concatenate(parts, 1), x);
  CHECK(split(x, 3, 1)[2].shape() == Shape{2, 1, 3});
  CHECK(chunk(x, 3, 1)[0].shape() == Shape{2, 3, 3});
  CHECK(chunk(x, 3, 1).size() == 3);
}

TEST_CASE("padding fills the room around the elements") {
  const Tensor<double> x{{1, 2}, {3, 4}};
  same(pad(x, {{1, 0}, {0, 2}}, 7), {{7, 7, 7, 7}, {1, 2, 7, 7}, {3, 4, 7, 7}});
  same(pad(x, {{1, 0}}), {{0, 1, 2}, {0, 3, 4}});
  same(pad(x, {}), x);
}

TEST_CASE("triangles and diagonals are those of xtensor") {
  const Tensor<double> x = sample({3, 4}), v = sample({3});
  const xt::xarray<double> a = array_of(x), b = array_of(v);
  for (int k = -4; k <= 5; ++k) {
    same(tril(x, k), xt::tril(a, k));
    same(triu(x, k), xt::triu(a, k));
    if (k > -3 && k < 4) same(diag(x, k), xt::diagonal(a, k));
    if (std::abs(k) < 3) same(diag(v, k), xt::diag(b, k));
  }
  const Tensor<double> batch = sample({2, 3, 3});
  const auto matrices = split(batch, 1), lower = split(tril(batch), 1);
  for (std::size_t k = 0; k < 2; ++k) same(squeeze(lower[k]), xt::tril(array_of(squeeze(matrices[k]))));
}

TEST_CASE("tensors that do not fit together are errors that name their shapes") {
  const Tensor<double> x = sample({2, 3}), y = sample({3, 2});
  CHECK_THROWS_WITH_AS(duet::concatenate({x, y}), doctest::Contains("(2, 3) and (3, 2)"), ShapeError);
  CHECK_THROWS_AS(duet::concatenate({x, sample({3})}), ShapeError);
  CHECK_THROWS_AS(duet::concatenate({x, x}, 2), ShapeError);
  CHECK_THROWS_AS(duet::concatenate(std::vector<Tensor<double>>{}), ShapeError);
  CHECK_THROWS_AS(duet::concatenate({Tensor<double>(1.0), Tensor<double>(2.0)}), ShapeError);
  CHECK_THROWS_WITH_AS(duet::stack({x, y}), doctest::Contains("(2, 3) and (3, 2)"), ShapeError);
  CHECK_THROWS_WITH_AS(split(x, {1, 1}, 1), doctest::Contains("add up to 2"), ShapeError);
  CHECK_THROWS_AS(split(x, 0), ShapeError);
  CHECK_THROWS_AS(chunk(x, 0), ShapeError);
  CHECK_THROWS_AS(pad(x, {{1, 1}, {1, 1}, {1, 1}}), ShapeError);
  CHECK_THROWS_AS(tril(sample({3})), ShapeError);
  CHECK_THROWS_AS(diag(sample({2, 2, 2})), ShapeError);
}

TEST_CASE("one node joins all, one node splits, and parts that are not used have gradient zero") {
  Tensor<double> x = sample({6}).requires_grad();
  const auto parts = split(x, 2);
  CHECK(parts[0].grad_fn() == parts[2].grad_fn());
  CHECK(parts[0].grad_fn()->name() == "Split");
  sum(squared(parts[1])).backward();
  std::vector<double> expected(6, 0);
  for (std::size_t i = 2; i < 4; ++i) expected[i] = 2 * x.vector()[i];
  CHECK(x.grad().vector() == expected);
}

TEST_CASE("derivatives of joined, split and padded tensors agree with differences") {
  check_gradients(
      [](const auto& x, const auto& y) {
        return squared(duet::concatenate({squared(x), y}, 1));
      },
      {sample({2, 2}), sample({2, 1})});
  check_gradients(
      [](const auto& x, const auto& y) {
        return squared(duet::stack({squared(x), y, x}, 1));
      },
      {sample({3}), sample({3})});
  check_gradients(
      [](const Tensor<double>& x) {
        const auto parts = split(squared(x), {2, 1, 2}, 1);
        return duet::tensor::mul(squared(parts[0]), parts[2]);
      },
      {sample({2, 5})});
  check_gradients(
      [](const Tensor<double>& x) {
        return squared(pad(squared(x), {{1, 0}, {2, 1}}, 3));
      },
      {sample({2, 2})});
  check_gradients([](const Tensor<double>& x) { return squared(tril(squared(x), -1)); }, {sample({3, 3})});
  check_gradients([](const Tensor<double>& x) { return squared(triu(squared(x), 1)); }, {sample({2, 2, 3})});
  check_gradients([](const Tensor<double>& x) { return squared(diag(squared(x), 1)); }, {sample({3, 4})});
  check_gradients([](const Tensor<double>& x) { return squared(diag(squared(x), -1)); }, {sample({3})});
}
