// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Softmax and its logarithm: values, edges, and derivatives.
#include <doctest/doctest.h>

#include <duet/tensor/softmax.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Tensor;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Element by element, in double.
template <class T>
double softmax_at(const std::vector<T>& x, const duet::Shape& shape, std::size_t i, std::size_t axis) {
  std::size_t inner = 1;
  for (std::size_t k = axis + 1; k < shape.size(); ++k) inner *= shape[k];
  const std::size_t size = shape[axis], first = i - i / inner % size * inner;
  double sum = 0;
  for (std::size_t k = 0; k < size; ++k) sum += std::exp(static_cast<double>(x[first + k * inner]));
  return std::exp(static_cast<double>(x[i])) / sum;
}

template <class T>
void check_values(double tolerance) {
  for (const duet::Shape& shape : {duet::Shape{3, 4, 5}, {2, 33, 2}, {1, 7, 40}, {2, 1, 3}, {17, 2, 2}}) {
    const Tensor<T> x = sample<T>(shape, -3, 3);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::vector<T> p = softmax(x, static_cast<std::ptrdiff_t>(axis)).vector();
      const std::vector<T> log_p = log_softmax(x, static_cast<std::ptrdiff_t>(axis) - 3).vector();
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double expected = softmax_at(x.vector(), shape, i, axis);
        CHECK(std::abs(p[i] - expected) < tolerance);
        CHECK(std::abs(log_p[i] - std::log(expected)) < 10 * tolerance);
      }
    }
  }
}
}  // namespace

TEST_CASE("softmax and log_softmax are what their definitions say, along any axis") {
  check_values<double>(1e-15);
  check_values<float>(4e-7);
}

TEST_CASE("derivatives of softmax and log_softmax are the limits of differences") {
  for (std::ptrdiff_t axis : {0, 1, 2}) {
    check_gradients([&](const auto& t) { return softmax(t, axis); }, {sample({2, 3, 5}, -2, 2)});
    check_gradients([&](const auto& t) { return log_softmax(t, axis); }, {sample({2, 3, 5}, -2, 2)});
  }
}

TEST_CASE("third derivatives of softmax and log_softmax are those of exponentials and sums") {
  const auto third = [](const auto& f) {
    Tensor<double> x = sample({4}, -1, 1);
    x.requires_grad();
    Tensor<double> y = sum(duet::tensor::mul(f(x), check::weights<double>({4})));
    for (int order = 0; order < 3; ++order) {
      const auto gradient = duet::autograd::grad<double>({y}, {x}, {.create_graph = true});
      y = sum(duet::tensor::mul(gradient[0], check::weights<double>({4}, static_cast<std::size_t>(order))));
    }
    return y.item();
  };
  using duet::tensor::apply;
  namespace op = duet::op;
  const auto total = [](const Tensor<double>& x) { return sum(apply<op::Exp>(x)); };
  CHECK(third([](const auto& x) { return softmax(x, 0); }) ==
        doctest::Approx(third([&](const auto& x) { return duet::tensor::div(apply<op::Exp>(x), total(x)); })));
  CHECK(third([](const auto& x) { return log_softmax(x, 0); }) ==
        doctest::Approx(third([&](const auto& x) { return duet::tensor::sub(x, apply<op::Log>(total(x))); })));
}

TEST_CASE("large numbers do not overflow, and -infinity is a probability of zero") {
  const Tensor<double> p = softmax(Tensor<double>{1000, 1000, -infinity}, 0);
  CHECK(p.array() == xt::xarray<double>{0.5, 0.5, 0});
  CHECK(log_softmax(Tensor<double>{0, -2000}, 0).array() == xt::xarray<double>{0, -2000});
  CHECK(std::isnan(softmax(Tensor<double>{-infinity, -infinity}, 0).vector()[0]));
}

TEST_CASE("a tensor without elements stays empty, a number has no axis") {
  CHECK(softmax(Tensor<double>::full({0, 3}, 1), 1).shape() == duet::Shape{0, 3});
  CHECK(log_softmax(Tensor<double>::full({3, 0}, 1), 1).shape() == duet::Shape{3, 0});
  CHECK_THROWS_AS(softmax(Tensor<double>(1.0), 0), duet::ShapeError);
  CHECK_THROWS_AS(log_softmax(sample({2, 3}), 2), duet::ShapeError);
}

TEST_CASE("softmax takes a formula") {
  const Tensor<double> x = sample({2, 3});
  CHECK(softmax(x * 2, 1).array() == softmax(Tensor<double>(x * 2), 1).array());
}
