// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Reading elements by index: values against xtensor's views, derivatives against differences.
#include "check.hpp"

#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include <duet/tensor/create.hpp>
#include <duet/tensor/gather.hpp>
#include <duet/tensor/selection.hpp>

using check::array_of;
using check::check_gradients;
using check::same;
using check::sample;
using check::squared;
using duet::all;
using duet::ellipsis;
using duet::Indices;
using duet::newaxis;
using duet::none;
using duet::range;
using duet::Shape;
using duet::ShapeError;
using duet::Tensor;

namespace {
using Matrix = xt::xtensor<std::ptrdiff_t, 2>;  // of indices; an xt::xarray can't be made of {{0}, {4}}
}  // namespace

TEST_CASE("integers, ranges, new axes and ellipses name what they name in xtensor") {
  const Tensor<double> x = sample({4, 5, 6});
  const xt::xarray<double> a = array_of(x);
  using xt::placeholders::_;
  same(x(1), xt::view(a, 1));
  same(x[-1], xt::view(a, 3));
  same(x(1, 2, 3), xt::xarray<double>(a(1, 2, 3)));
  same(x(all(), 2), xt::view(a, xt::all(), 2));
  same(x(range(1, 3)), xt::view(a, xt::range(1, 3)));
  same(x(range(1, none, 2), all(), range(none, 4)), xt::view(a, xt::range(1, _, 2), xt::all(), xt::range(_, 4)));
  same(x(range(none, none, -1)), xt::view(a, xt::range(_, _, -1)));
  same(x(all(), range(4, 1, -2)), xt::view(a, xt::all(), xt::range(4, 1, -2)));
  same(x(range(-3, -1)), xt::view(a, xt::range(1, 3)));
  same(x(ellipsis, 2), xt::view(a, xt::all(), xt::all(), 2));
  same(x(1, ellipsis, range(0, 2)), xt::view(a, 1, xt::all(), xt::range(0, 2)));
  same(x(newaxis, 0, newaxis), xt::view(a, xt::newaxis(), 0, xt::newaxis()));
  same(x(all(), newaxis, 1), xt::view(a, xt::all(), xt::newaxis(), 1));
  same(x(), a);
  same(x[1][2][range(3, 5)], xt::view(a, 1, 2, xt::range(3, 5)));
  same(x(range(none, none, -1))(range(1, none))(0), xt::view(a, 2));
}

TEST_CASE("ranges are cut to the axis, as in Python") {
  const Tensor<double> x = duet::arange(5.0);
  same(x(range(3, 100)), {3, 4});
  same(x(range(-100, 2)), {0, 1});
  same(x(range(100, -100, -3)), {4, 1});
  same(x(range(2, none, -1)), {2, 1, 0});
  CHECK(x(range(3, 3)).shape() == Shape{0});
  CHECK(x(range(4, 1)).shape() == Shape{0});
  CHECK(x(range(1, 4, -1)).shape() == Shape{0});
  CHECK(x(range(1, 4, 5)).shape() == Shape{1});
  CHECK(Tensor<double>(x(range(7, 9))).size() == 0);
}

TEST_CASE("arrays of integers broadcast, and their axes stand where the arrays stand side by side, else in front") {
  const Tensor<double> x = sample({4, 5, 6});
  const xt::xarray<double> at = array_of(x);
  const Indices rows{2, -1, 2};
  const Matrix column{{0}, {4}};
  const Tensor<double> first = x(rows), middle = x(all(), rows), pairs = x(rows, column),
                       apart = x(rows, all(), column);
  CHECK(first.shape() == Shape{3, 5, 6});
  CHECK(middle.shape() == Shape{4, 3, 6});
  CHECK(pairs.shape() == Shape{2, 3, 6});
  CHECK(apart.shape() == Shape{2, 3, 5});
  const std::size_t row_of[]{2, 3, 2}, middle_of[]{2, 4, 2}, column_of[]{0, 4};
  bool right = true;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t k = 0; k < 6; ++k) right = right && middle(i, a, k).item() == at(i, middle_of[a], k);
    }
    for (std::size_t j = 0; j < 5; ++j) {
      for (std::size_t k = 0; k < 6; ++k) right = right && first(a, j, k).item() == at(row_of[a], j, k);
      for (std::size_t b = 0; b < 2; ++b) right = right && apart(b, a, j).item() == at(row_of[a], j, column_of[b]);
    }
    for (std::size_t k = 0; k < 6; ++k) {
      for (std::size_t b = 0; b < 2; ++b) right = right && pairs(b, a, k).item() == at(row_of[a], column_of[b], k);
    }
  }
  CHECK(right);
  CHECK(x(0, all(), rows).shape() == Shape{5, 3});
  CHECK(x(rows, 0, range(0, 2)).shape() == Shape{3, 2});
  CHECK(x(std::vector<int>{0, 1}).shape() == Shape{2, 5, 6});
}

TEST_CASE("truth values name the elements where they hold") {
  const Tensor<double> x = sample({3, 4});
  std::vector<double> positive;
  for (std::size_t i = 0; i < 12; ++i) {
    if (x.vector()[i] > 0) positive.push_back(x.vector()[i]);
  }
  const Tensor<double> y = x(x > 0), z = masked_select(x, x > 0);
  CHECK(y.vector() == positive);
  CHECK(z.vector() == positive);
  const xt::xarray<bool> rows{true, false, true};
  same(x(rows), xt::view(array_of(x), xt::keep(0, 2)));
  same(x(all(), std::vector<bool>{false, true, true, false}), xt::view(array_of(x), xt::all(), xt::range(1, 3)));
  CHECK(x(x > 100).shape() == Shape{0});
}

TEST_CASE("gather, take_along_dim, index_select and scatter_add") {
  const Tensor<double> x{{1, 2}, {3, 4}};
  const Matrix along{{0, 0}, {1, 0}};
  same(gather(x, 1, along), {{1, 1}, {4, 3}});  // the example of PyTorch's documentation
  same(gather(x, 0, Matrix{{1, 0}}), {{3, 2}});
  same(take_along_dim(x, Matrix{{1}}, 0), {{3, 4}});
  same(take_along_dim(x, Matrix{{1}, {0}}, 1), {{2}, {3}});
  same(index_select(x, 0, {1, 1, -2}), {{3, 4}, {3, 4}, {1, 2}});
  same(index_select(x, -1, {1}), {{2}, {4}});
  same(scatter_add(duet::zeros({3}), 0, {0, 2, 0}, Tensor<double>{1, 2, 3}), {4, 0, 2});
  const Tensor<double> ones = duet::ones({2, 5});
  const Matrix index{{0, 1, 2, 0, 0}, {0, 1, 2, 2, 2}};
  same(scatter_add(duet::zeros({3, 5}), 0, index, ones),  // the example of PyTorch's documentation
       {{2, 0, 0, 1, 1}, {0, 2, 0, 0, 0}, {0, 0, 2, 1, 1}});
}

TEST_CASE("indices that are not there are errors that name them") {
  Tensor<double> x = sample({2, 3});
  CHECK_THROWS_WITH_AS(x(2), doctest::Contains("index 2 is out of range for axis 0 of shape (2, 3)"), ShapeError);
  CHECK_THROWS_WITH_AS(x(0, -4), doctest::Contains("index -4 is out of range for axis 1 of shape (2, 3)"), ShapeError);
  CHECK_THROWS_WITH_AS(x(0, 0, 0), doctest::Contains("3 axes are named"), ShapeError);
  CHECK_THROWS_WITH_AS(x(all(), Indices{0, 3}), doctest::Contains("index 3"), ShapeError);
  CHECK_THROWS_WITH_AS(x(Indices{0, 1}, Indices{0, 1, 2}), doctest::Contains("(2,) and (3,)"), ShapeError);
  CHECK_THROWS_WITH_AS(x(std::vector<bool>{true}), doctest::Contains("(1,) and (2, 3)"), ShapeError);
  CHECK_THROWS_AS(x(range(0, 1, 0)), ShapeError);
  CHECK_THROWS_AS(x(ellipsis, ellipsis), ShapeError);
  CHECK_THROWS_AS(x(Indices{0})(0), duet::Error);
  CHECK_THROWS_AS(gather(x, 0, Indices{0}), ShapeError);
  CHECK_THROWS_AS(gather(x, 1, Matrix{{3}}), ShapeError);
  CHECK_THROWS_AS(take_along_dim(x, Matrix{{0}, {0}, {0}}, 1), ShapeError);
  CHECK_THROWS_AS(index_select(x, 0, Matrix{{0}}), ShapeError);
  CHECK_THROWS_AS(scatter_add(x, 0, Matrix{{0}}, Tensor<double>{1, 2}), ShapeError);
  CHECK_THROWS_AS(masked_select(x, std::vector<bool>{true, false}), ShapeError);
  CHECK_THROWS_AS(x(0).item(), ShapeError);
}

TEST_CASE("parts of tensors stand in formulas") {
  const Tensor<double> x = duet::arange(6.0);
  const Tensor<double> y = x(range(1, none)) - x(range(none, -1));
  same(y, {1, 1, 1, 1, 1});
  CHECK(sum(2 * x(range(0, 3)) + x(5)).item() == 21);
}

TEST_CASE("derivatives of what is read by index agree with differences") {
  const auto check = [&](const auto& f, const Shape& shape) {
    check_gradients([&](const Tensor<double>& x) { return squared(f(squared(x))); }, {sample(shape, 0.5, 1.5)});
  };
  const auto part = [](const auto& selection) { return Tensor<double>(selection); };
  check([&](const auto& x) { return part(x(1, range(none, none, -2))); }, {2, 5});
  check([&](const auto& x) { return part(x(newaxis, ellipsis, 1)); }, {2, 3});
  check([&](const auto& x) { return part(x(Indices{1, 1, 0})); }, {2, 3});
  check([&](const auto& x) { return part(x(Indices{1, 0}, all(), Indices{2, 2})); }, {2, 2, 3});
  check([&](const auto& x) { return part(x(x > 1)); }, {3, 3});
  check([](const auto& x) { return gather(x, 1, Matrix{{0, 0, 2}, {1, 0, 1}}); }, {2, 3});
  check([](const auto& x) { return take_along_dim(x, Matrix{{1, 0, 1}}, 0); }, {2, 3});
  check([](const auto& x) { return index_select(x, 1, {2, 0, 2}); }, {2, 3});
  check([](const auto& x) { return masked_select(x, x < 1); }, {2, 3});
  check_gradients(
      [](const Tensor<double>& x, const Tensor<double>& v) {
        return squared(scatter_add(squared(x), 0, Matrix{{1, 0}, {1, 1}, {0, 1}}, squared(v)));
      },
      {sample({2, 2}), sample({3, 2})});
}
