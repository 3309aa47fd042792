// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Extremes, logsumexp, and products: values, edges, and derivatives.
#include <doctest/doctest.h>

#include <duet/tensor/reduce.hpp>
#include <duet/tensor/scan.hpp>
#include <duet/tensor/softmax.hpp>

#include "reference.hpp"

using check::check_gradients;
using check::check_reduction;
using check::sample;
using check::some_axes;
using duet::Axes;
using duet::Tensor;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity(),
                 not_a_number = std::numeric_limits<double>::quiet_NaN();
/// The place of the first smallest of `size` elements that are `step` apart, or of the first NaN.
template <class T>
std::ptrdiff_t place_of_smallest(const T* x, std::size_t size, std::size_t step) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (std::isnan(x[i * step])) return static_cast<std::ptrdiff_t>(i);
    if (x[i * step] < x[place * step]) place = i;
  }
  return static_cast<std::ptrdiff_t>(place);
}
template <class T>
void check_places(std::size_t size, std::size_t lines) {
  std::vector<T> elements(size * lines);
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = static_cast<T>(i * i % 101 / 3);
  if (size > 70) elements[70 * lines + 1] = static_cast<T>(not_a_number);
  const auto side_by_side = argmin(check::tensor_of(elements, {size, lines}), 0);
  const auto one_by_one = argmin(check::tensor_of(elements, {lines, size}), 1);
  for (std::size_t line = 0; line < lines; ++line) {
    CHECK(side_by_side(line) == place_of_smallest(elements.data() + line, size, lines));
    CHECK(one_by_one(line) == place_of_smallest(elements.data() + line * size, size, 1));
  }
}

template <class T>
void check_all_values(double tolerance) {
  using Line = std::vector<T>;
  check_reduction<T>([](const auto&... x) { return amax(x...); },
                     [](const Line& line) { return *std::max_element(line.begin(), line.end()); }, 0);
  check_reduction<T>([](const auto&... x) { return amin(x...); },
                     [](const Line& line) { return *std::min_element(line.begin(), line.end()); }, 0);
  check_reduction<T>([](const auto&... x) { return logsumexp(x...); },
                     [](const Line& line) {
                       double sum = 0;
                       for (T element : line) sum += std::exp(static_cast<double>(element));
                       return static_cast<T>(std::log(sum));
                     },
                     tolerance);
  check_reduction<T>([](const auto&... x) { return prod(x...); },
                     [](const Line& line) {
                       T product = 1;
                       for (T element : line) product *= element;
                       return product;
                     },
                     tolerance);
}
}  // namespace

TEST_CASE("reductions are what their definitions say, over any axes") {
  check_all_values<double>(1e-14);
  check_all_values<float>(2e-5);
}

TEST_CASE("derivatives of reductions over any axes are the limits of differences") {
  const Tensor<double> x = sample({2, 3, 4}, -2, 3);
  for (const Axes& axes : some_axes) {
    for (bool keep_dims : {false, true}) {
      check_gradients([&](const auto& t) { return amax(t, axes, keep_dims); }, {x});
      check_gradients([&](const auto& t) { return amin(t, axes, keep_dims); }, {x});
      check_gradients([&](const auto& t) { return logsumexp(t, axes, keep_dims); }, {x});
      check_gradients([&](const auto& t) { return prod(t, axes, keep_dims); }, {x}, 1e-7);
    }
  }
}

TEST_CASE("equal extremes share the derivative evenly") {
  Tensor<double> x{{1, 3, 3}, {3, 2, 0}};
  x.requires_grad();
  max(x).backward();
  CHECK(x.grad().array() == xt::xarray<double>{{0, 1. / 3, 1. / 3}, {1. / 3, 0, 0}});
  x.zero_grad();
  sum(amax(x, 1)).backward();
  CHECK(x.grad().array() == xt::xarray<double>{{0, 0.5, 0.5}, {1, 0, 0}});
  x.zero_grad();
  min(x).backward();
  CHECK(x.grad().array() == xt::xarray<double>{{0, 0, 0}, {0, 0, 1}});
}

TEST_CASE("a NaN is the largest and the smallest element, wherever it is") {
  for (std::size_t size : {1u, 3u, 9u, 40u}) {
    for (std::size_t at = 0; at < size; ++at) {
      xt::xarray<double> elements = sample({size}).array();
      elements(at) = not_a_number;
      const Tensor<double> x = elements;
      CHECK(std::isnan(max(x).item()));
      CHECK(std::isnan(min(x).item()));
      CHECK(argmax(x) == static_cast<std::ptrdiff_t>(at));
      CHECK(argmin(x) == static_cast<std::ptrdiff_t>(at));
      CHECK(std::isnan(logsumexp(x).item()));
    }
  }
}

TEST_CASE("argmax and argmin give the first place of the extremes") {
  const Tensor<double> x{{1, 3, 3}, {3, 0, 0}};
  CHECK(argmax(x) == 1);
  CHECK(argmin(x) == 4);
  CHECK(argmax(x, 1) == xt::xarray<std::ptrdiff_t>{1, 0});
  CHECK(argmin(x, 0) == xt::xarray<std::ptrdiff_t>{0, 1, 1});
  CHECK(argmax(x * -1, -1, true).shape()[1] == 1);
  CHECK_THROWS_AS(argmax(x, 2), duet::ShapeError);
}

TEST_CASE("the place of an extreme is that of the first one, in lines of any length, however they lie") {
  for (std::size_t size : {1u, 5u, 63u, 64u, 65u, 200u}) {
    for (std::size_t lines : {3u, 8u, 21u}) {
      check_places<double>(size, lines);
      check_places<float>(size, lines);
    }
  }
}

TEST_CASE("logsumexp's gradient is the softmax, in lines of any length, and none where all is -infinity") {
  for (std::size_t size : {1u, 7u, 100u}) {
    for (std::ptrdiff_t axis : {0, 1}) {
      Tensor<double> x = sample(axis == 0 ? duet::Shape{size, 11} : duet::Shape{11, size}, -3, 3);
      x.requires_grad();
      sum(logsumexp(x, axis)).backward();
      const Tensor<double> expected = softmax(x.detach(), axis);
      CHECK(xt::amax(xt::abs(check::array_of(x.grad()) - check::array_of(expected)))() < 1e-15);
    }
  }
  Tensor<double> none = Tensor<double>::full({2, 3}, -infinity);
  none.requires_grad();
  sum(logsumexp(none, 1)).backward();
  CHECK(check::array_of(none.grad()) == xt::zeros<double>({2, 3}));
}

TEST_CASE("there is no extreme of no elements, but a product and a logarithm of their sum") {
  const Tensor<double> none = Tensor<double>::full({2, 0}, 1);
  CHECK_THROWS_AS(max(none), duet::ShapeError);
  CHECK_THROWS_AS(amin(none, 1), duet::ShapeError);
  CHECK_THROWS_AS(argmax(none), duet::ShapeError);
  CHECK(amax(none, 0).shape() == duet::Shape{0});
  CHECK(prod(none).item() == 1);
  CHECK(logsumexp(none, 1).array() == xt::xarray<double>{-infinity, -infinity});
}

TEST_CASE("axes that are not there, or twice, are errors") {
  const Tensor<double> x = sample({2, 3});
  CHECK_THROWS_AS(amax(x, 2), duet::ShapeError);
  CHECK_THROWS_AS(prod(x, {0, 0}), duet::ShapeError);
  CHECK_THROWS_AS(logsumexp(x, {0, -2}), duet::ShapeError);
}

TEST_CASE("logsumexp neither overflows nor loses infinities") {
  CHECK(logsumexp(Tensor<double>{1000, 1000}).item() == doctest::Approx(1000 + std::log(2)).epsilon(1e-15));
  CHECK(logsumexp(Tensor<double>{-1000, -1001}).item() == doctest::Approx(-1000 + std::log1p(std::exp(-1))));
  CHECK(logsumexp(Tensor<double>{1, infinity}).item() == infinity);
  Tensor<double> x{-infinity, 0};
  x.requires_grad();
  logsumexp(x).backward();
  CHECK(x.grad().array() == xt::xarray<double>{0, 1});
  Tensor<double> none{-infinity, -infinity};
  none.requires_grad();
  Tensor<double> y = logsumexp(none);
  CHECK(y.item() == -infinity);
  y.backward();
  CHECK(none.grad().array() == xt::xarray<double>{0, 0});
}

TEST_CASE("products have the right derivatives where elements are zero") {
  for (const Tensor<double>& x : {Tensor<double>{2, 0, 3, 4}, Tensor<double>{0, 2, 0, 3}, Tensor<double>{0, 0, 0, 5},
                                  Tensor<double>{0, 0, 0, 0}}) {
    check_gradients([](const auto& t) { return prod(t); }, {x});
    check_gradients([](const auto& t) { return cumprod(t, 0); }, {x});
  }
  check_gradients([](const auto& t) { return prod(t, {0, 1}); }, {Tensor<double>{{2, 0}, {0, 3}}});
  Tensor<double> x{0, 0, 3};  // third derivatives: the product of what is left
  x.requires_grad();
  const auto first = duet::autograd::grad<double>({prod(x)}, {x}, {.create_graph = true})[0];
  const auto second = duet::autograd::grad<double>({sum(duet::tensor::mul(first, Tensor<double>{1, 0, 0}))}, {x},
                                                   {.create_graph = true});
  const auto third = duet::autograd::grad<double>({sum(duet::tensor::mul(second[0], Tensor<double>{0, 1, 0}))}, {x});
  CHECK(third[0].array() == xt::xarray<double>{0, 0, 1});
}

TEST_CASE("running sums and products are those of the elements so far") {
  const Tensor<double> x{{1, 2, 3}, {4, 5, 6}};
  CHECK(cumsum(x, 1).array() == xt::xarray<double>{{1, 3, 6}, {4, 9, 15}});
  CHECK(cumsum(x, 0).array() == xt::xarray<double>{{1, 2, 3}, {5, 7, 9}});
  CHECK(cumprod(x, -1).array() == xt::xarray<double>{{1, 2, 6}, {4, 20, 120}});
  CHECK(cumprod(x * 2, 0).array() == xt::xarray<double>{{2, 4, 6}, {16, 40, 72}});
  CHECK_THROWS_AS(cumsum(x, 2), duet::ShapeError);
  CHECK_THROWS_AS(cumprod(Tensor<double>(1.0), 0), duet::ShapeError);
}

TEST_CASE("derivatives of running sums and products are the limits of differences") {
  for (std::ptrdiff_t axis : {0, 1, 2}) {
    check_gradients([&](const auto& t) { return cumsum(t, axis); }, {sample({2, 3, 4})});
    check_gradients([&](const auto& t) { return cumprod(t, axis); }, {sample({2, 3, 4}, -2, 2)}, 1e-7);
  }
}
