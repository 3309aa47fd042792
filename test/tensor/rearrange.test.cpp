// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Shapes and order: values against xtensor's, derivatives against differences.
#include "check.hpp"

#include <xtensor/xmanipulation.hpp>

#include <duet/tensor/create.hpp>
#include <duet/tensor/inplace.hpp>
#include <duet/tensor/rearrange.hpp>

using check::array_of;
using check::check_gradients;
using check::same;
using check::sample;
using check::squared;
using duet::Shape;
using duet::ShapeError;
using duet::Tensor;

TEST_CASE("reshape and its relatives share the memory, and one size follows from the others") {
  const Tensor<double> x = sample({2, 3, 4});
  CHECK(reshape(x, {6, -1}).shape() == Shape{6, 4});
  CHECK(reshape(x, {-1}).shape() == Shape{24});
  CHECK(reshape(x, {-1, 24, 1}).shape() == Shape{1, 24, 1});
  CHECK(reshape(Tensor<double>(2.0), {1, 1}).shape() == Shape{1, 1});
  CHECK(reshape(Tensor<double>{2.0}, {}).shape() == Shape{});
  CHECK(reshape(duet::zeros({0, 3}), {3, -1}).shape() == Shape{3, 0});
  CHECK(flatten(x).shape() == Shape{24});
  CHECK(flatten(x, 1).shape() == Shape{2, 12});
  CHECK(flatten(x, 0, -2).shape() == Shape{6, 4});
  CHECK(flatten(Tensor<double>(2.0)).shape() == Shape{1});
  CHECK(unsqueeze(x, 0).shape() == Shape{1, 2, 3, 4});
  CHECK(unsqueeze(x, -1).shape() == Shape{2, 3, 4, 1});
  CHECK(squeeze(sample({1, 3, 1})).shape() == Shape{3});
  CHECK(squeeze(sample({1, 3, 1}), -1).shape() == Shape{1, 3});
  CHECK(reshape(x, {6, 4}).data() == x.data());
  CHECK(unsqueeze(x, 1).data() == x.data());
}

TEST_CASE("shapes that do not fit are errors that name them") {
  const Tensor<double> x = sample({2, 3});
  CHECK_THROWS_WITH_AS(reshape(x, {4, 2}), doctest::Contains("(2, 3) and (4, 2)"), ShapeError);
  CHECK_THROWS_AS(reshape(x, {4, -1}), ShapeError);
  CHECK_THROWS_AS(reshape(x, {-1, -1}), ShapeError);
  CHECK_THROWS_AS(reshape(x, {-2, 3}), ShapeError);
  CHECK_THROWS_AS(reshape(x, {0, -1}), ShapeError);
  CHECK_THROWS_WITH_AS(squeeze(x, 1), doctest::Contains("(2, 3)"), ShapeError);
  CHECK_THROWS_AS(unsqueeze(x, 3), ShapeError);
  CHECK_THROWS_AS(flatten(x, 1, 0), ShapeError);
  CHECK_THROWS_WITH_AS(permute(x, {0, 0}), doctest::Contains("twice"), ShapeError);
  CHECK_THROWS_AS(permute(x, {0}), ShapeError);
  CHECK_THROWS_WITH_AS(transpose(x, 0, 2), doctest::Contains("axis 2"), ShapeError);
  CHECK_THROWS_AS(transpose(Tensor<double>{1, 2}), ShapeError);
  CHECK_THROWS_AS(expand(x, {3, 3}), ShapeError);
  CHECK_THROWS_AS(expand(x, {3}), ShapeError);
  CHECK_THROWS_AS(expand(x, {-1, 2, 3}), ShapeError);
  CHECK_THROWS_AS(flip(x, 2), ShapeError);
  CHECK_THROWS_AS(roll(x, 1, 2), ShapeError);
  CHECK_THROWS_AS(tile(x, {-1}), ShapeError);
}

TEST_CASE("tensors that share their elements are not changed in place while both live") {
  Tensor<double> x = duet::arange(6.0);
  {
    Tensor<double> view = reshape(x, {2, 3});
    CHECK_THROWS_AS(x += 1, duet::InplaceError);
    CHECK_THROWS_AS(view += 1, duet::InplaceError);
  }
  x += 1;
  CHECK(x.vector()[5] == 6);
  Tensor<double> alone = unsqueeze(reshape(duet::arange(6.0), {2, 3}), 0);
  alone += 1;
  CHECK(alone.vector()[5] == 6);
  Tensor<double> w = duet::arange(6.0).requires_grad();
  Tensor<double> part = reshape(w, {2, 3});
  CHECK_THROWS_AS(part += 1, duet::InplaceError);
}

TEST_CASE("other orders of elements are those of xtensor") {
  const Tensor<double> x = sample({2, 3, 4}), m = sample({3, 5});
  const xt::xarray<double> a = array_of(x), b = array_of(m);
  same(transpose(m), xt::transpose(b));
  same(transpose(x), xt::transpose(a, {0, 2, 1}));
  same(swapaxes(x, 0, -1), xt::transpose(a, {2, 1, 0}));
  same(permute(x, {1, 2, 0}), xt::transpose(a, {1, 2, 0}));
  same(permute(x, {-1, 0, 1}), xt::transpose(a, {2, 0, 1}));
  same(flip(m, 0), xt::flip(b, 0));
  same(flip(x, {0, 2}), xt::flip(xt::xarray<double>(xt::flip(a, 0)), 2));
  same(flip(x), xt::flip(xt::xarray<double>(xt::flip(xt::xarray<double>(xt::flip(a, 0)), 1)), 2));
  same(broadcast_to(m, {2, 3, 5}), xt::broadcast(b, std::vector<std::size_t>{2, 3, 5}));
  same(expand(sample({3, 1}), {2, -1, 4}), xt::broadcast(array_of(sample({3, 1})), std::vector<std::size_t>{2, 3, 4}));
  same(repeat_interleave(m, 3, 0), xt::repeat(b, 3, 0));
  same(repeat_interleave(x, 2, -1), xt::repeat(a, 2, 2));
}

TEST_CASE("what rolls out at one end comes in at the other, as in the examples of NumPy's documentation") {
  const Tensor<double> x{{0, 1, 2, 3, 4}, {5, 6, 7, 8, 9}};
  same(roll(x, 1, 0), {{5, 6, 7, 8, 9}, {0, 1, 2, 3, 4}});
  same(roll(x, -1, 0), {{5, 6, 7, 8, 9}, {0, 1, 2, 3, 4}});
  same(roll(x, 1, 1), {{4, 0, 1, 2, 3}, {9, 5, 6, 7, 8}});
  same(roll(x, -11, -1), {{1, 2, 3, 4, 0}, {6, 7, 8, 9, 5}});
  same(roll(x, 10, 1), x);
}

TEST_CASE("tiles lie side by side, by NumPy's rule for axes and numbers that are missing") {
  const Tensor<double> x{{1, 2}, {3, 4}};
  same(tile(x, {2}), {{1, 2, 1, 2}, {3, 4, 3, 4}});
  same(tile(x, {2, 1}), {{1, 2}, {3, 4}, {1, 2}, {3, 4}});
  same(tile(Tensor<double>{0, 1, 2}, {2, 2}), {{0, 1, 2, 0, 1, 2}, {0, 1, 2, 0, 1, 2}});
  CHECK(tile(Tensor<double>{0, 1, 2}, {2, 1, 2}).shape() == Shape{2, 1, 6});
  CHECK(tile(x, {0, 1}).shape() == Shape{0, 2});
}

TEST_CASE("large transposed arrays, worked on in tiles, have every element in its place") {
  for (const Shape& shape : {Shape{100, 37}, Shape{64, 64}, Shape{1, 50}, Shape{17, 16}, Shape{0, 3}}) {
    const Tensor<double> x = sample(shape), y = transpose(x);
    std::vector<double> expected;
    const std::vector<double> from = x.vector();
    for (std::size_t j = 0; j < shape[1]; ++j) {
      for (std::size_t i = 0; i < shape[0]; ++i) expected.push_back(from[i * shape[1] + j]);
    }
    CHECK(y.vector() == expected);
  }
  const Tensor<double> x = sample({5, 20, 6, 33});
  for (const duet::Axes& axes : {duet::Axes{3, 1, 2, 0}, duet::Axes{0, 3, 2, 1}, duet::Axes{2, 3, 0, 1}}) {
    const Tensor<double> y = permute(x, axes);
    std::vector<std::ptrdiff_t> order(axes.list.begin(), axes.list.end());
    same(y, xt::transpose(array_of(x), order));
  }
}

TEST_CASE("rearranging takes formulas, and floats") {
  const Tensor<float> x{{1, 2}, {3, 4}};
  const Tensor<float> y = transpose(x * 2);
  CHECK(y.vector() == std::vector<float>{2, 6, 4, 8});
}

TEST_CASE("derivatives of rearranged tensors agree with differences") {
  const auto check = [&](const auto& f, const Shape& shape) {
    check_gradients([&](const Tensor<double>& x) { return squared(f(squared(x))); }, {sample(shape, 0.5, 1.5)});
  };
  check([](const auto& x) { return reshape(x, {3, -1}); }, {2, 3});
  check([](const auto& x) { return flatten(unsqueeze(squeeze(x), 1)); }, {1, 3});
  check([](const auto& x) { return permute(x, {2, 0, 1}); }, {2, 3, 2});
  check([](const auto& x) { return transpose(x); }, {3, 4});
  check([](const auto& x) { return flip(x, 1); }, {2, 3});
  check([](const auto& x) { return roll(x, 2, 0); }, {3, 2});
  check([](const auto& x) { return expand(x, {2, 3, 2}); }, {3, 1});
  check([](const auto& x) { return tile(x, {2, 3}); }, {2, 2});
  check([](const auto& x) { return repeat_interleave(x, 3, 0); }, {2, 2});
}
