// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Convolutions and pooling against their definitions, index by index, and their derivatives.
#include <duet/tensor/conv.hpp>
#include <duet/tensor/pool.hpp>

#include "check.hpp"

using check::check_gradients;
using check::sample;
using duet::Conv2dOptions;
using duet::Shape;
using duet::Tensor;

namespace {

/// The element at an index; zero outside of the last two axes.
double at(const Tensor<double>& x, std::size_t n, std::size_t c, std::ptrdiff_t row, std::ptrdiff_t column) {
  const Shape& s = x.shape();
  const auto rows = static_cast<std::ptrdiff_t>(s[2]), columns = static_cast<std::ptrdiff_t>(s[3]);
  if (row < 0 || column < 0 || row >= rows || column >= columns) return 0;
  return x.data()[(n * s[1] + c) * s[2] * s[3] + static_cast<std::size_t>(row * columns + column)];
}

void check_conv(const Tensor<double>& x, const Tensor<double>& w, const Tensor<double>& b, const Conv2dOptions& o) {
  const Tensor<double> y = conv2d(x, w, b, o);
  const Shape &xs = x.shape(), &ws = w.shape(), &ys = y.shape();
  const auto size = [](std::size_t image, std::size_t window, std::size_t stride, std::size_t padding,
                       std::size_t dilation) {
    return (image + 2 * padding - dilation * (window - 1) - 1) / stride + 1;
  };
  const Shape expected{xs[0], ws[0], size(xs[2], ws[2], o.stride.rows, o.padding.rows, o.dilation.rows),
                       size(xs[3], ws[3], o.stride.columns, o.padding.columns, o.dilation.columns)};
  REQUIRE(duet::to_string(ys) == duet::to_string(expected));
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::size_t column = i % ys[3], row = i / ys[3] % ys[2], out = i / ys[3] / ys[2] % ys[1];
    const std::size_t n = i / ys[3] / ys[2] / ys[1], group = out / (ws[0] / o.groups);
    double sum = b.defined() ? b.data()[out] : 0;
    for (std::size_t c = 0; c < ws[1]; ++c) {
      for (std::size_t down = 0; down < ws[2]; ++down) {
        for (std::size_t across = 0; across < ws[3]; ++across) {
          const auto from = [](std::size_t place, std::size_t stride, std::size_t k, std::size_t dilation,
                               std::size_t padding) {
            return static_cast<std::ptrdiff_t>(place * stride + k * dilation) - static_cast<std::ptrdiff_t>(padding);
          };
          sum += w.data()[((out * ws[1] + c) * ws[2] + down) * ws[3] + across] *
                 at(x, n, group * ws[1] + c, from(row, o.stride.rows, down, o.dilation.rows, o.padding.rows),
                    from(column, o.stride.columns, across, o.dilation.columns, o.padding.columns));
        }
      }
    }
    CHECK(y.data()[i] == doctest::Approx(sum).epsilon(1e-13));
  }
}

struct Case {
  Shape x, w;
  Conv2dOptions options;
};
const Case cases[] = {{{2, 3, 5, 4}, {2, 3, 3, 2}, {}},
                      {{1, 2, 5, 5}, {3, 2, 3, 3}, {.padding = 1}},
                      {{1, 1, 6, 7}, {2, 1, 2, 3}, {.stride = {2, 3}, .padding = {0, 2}}},
                      {{2, 2, 7, 6}, {1, 2, 3, 2}, {.stride = 2, .padding = 1, .dilation = {2, 3}}},
                      {{2, 4, 4, 3}, {6, 2, 2, 2}, {.padding = 1, .groups = 2}},
                      {{2, 3, 2, 3}, {2, 3, 1, 1}, {}},
                      {{1, 2, 3, 3}, {2, 2, 1, 1}, {.stride = 2}},
                      {{1, 1, 2, 2}, {1, 1, 2, 2}, {.padding = 3, .dilation = 4}}};

}  // namespace

TEST_CASE("convolutions are those of the definition") {
  for (const Case& c : cases) {
    INFO(duet::to_string(c.x), " with ", duet::to_string(c.w));
    check_conv(sample(c.x), sample(c.w, -1, 1, 1), sample({c.w[0]}), c.options);
    check_conv(sample(c.x), sample(c.w, -1, 1, 1), {}, c.options);
  }
}

TEST_CASE("convolutions have derivatives of any order") {
  using X = const Tensor<double>&;
  for (const Case& c : cases) {
    INFO(duet::to_string(c.x), " with ", duet::to_string(c.w));
    const Tensor<double> x = sample(c.x), w = sample(c.w, -1, 1, 1), b = sample({c.w[0]});
    check_gradients([&](X a, X weight, X bias) { return conv2d(a, weight, bias, c.options); }, {x, w, b});
    check_gradients([&](X a, X weight) { return conv2d(a, weight, {}, c.options); }, {x, w});
    // of third order: the gradient's gradient, once more
    check_gradients(
        [&](X a, X weight) {
          const duet::EnableGrad guard;
          const Tensor<double> y = conv2d(a, weight, {}, c.options), square = duet::tensor::mul(y, y);
          return duet::autograd::grad<double>({sum(square)}, {a}, {.create_graph = true})[0];
        },
        {x, w});
  }
}

TEST_CASE("a convolution of sequences is that of images with one row, and a batch may be left out") {
  const Tensor<double> x = sample({2, 3, 7}), w = sample({4, 3, 3}, -1, 1, 1), b = sample({4});
  const Tensor<double> y = conv1d(x, w, b, {.stride = 2, .padding = 1});
  CHECK(duet::to_string(y.shape()) == "(2, 4, 4)");
  const Tensor<double> images =
      conv2d(reshape(x, {2, 3, 1, 7}), reshape(w, {4, 3, 1, 3}), b, {.stride = {1, 2}, .padding = {0, 1}});
  CHECK(y.array() == reshape(images, {2, 4, 4}).array());
  const Tensor<double> first = sample({3, 7}), alone = conv1d(first, w, b, {.stride = 2, .padding = 1});
  CHECK(duet::to_string(alone.shape()) == "(4, 4)");
  for (std::size_t i = 0; i < alone.size(); ++i) CHECK(alone.data()[i] == y.data()[i]);
  check_gradients([](const auto& a, const auto& weight,
                     const auto& bias) { return conv1d(a, weight, bias, {.padding = 2, .dilation = 2}); },
                  {x, w, b});
}

TEST_CASE("the largest and the mean below windows, and where their gradients go") {
  const Tensor<double> x{{1, 2, 5, 3}, {4, 0, 5, 1}, {7, 8, 2, 2}, {6, 9, 2, 2}};
  CHECK(max_pool2d(x, 2).array() == Tensor<double>{{4, 5}, {9, 2}}.array());
  CHECK(avg_pool2d(x, 2).array() == Tensor<double>{{1.75, 3.5}, {7.5, 2}}.array());
  CHECK(max_pool2d(x, 3, {.stride = 2, .padding = 1}).array() == Tensor<double>{{4, 5}, {9, 9}}.array());
  CHECK(avg_pool1d(x, 2, {.stride = 2, .padding = 1}).array() ==
        Tensor<double>{{0.5, 3.5, 1.5}, {2, 2.5, 0.5}, {3.5, 5, 1}, {3, 5.5, 1}}.array());
  CHECK(max_pool1d(-x, 3, {.padding = 1}).array() == Tensor<double>{{-1, -3}, {0, -1}, {-7, -2}, {-6, -2}}.array());

  Tensor<double> leaf = x.copy().requires_grad();
  sum(max_pool2d(leaf, 2)).backward();  // of equal ones the first
  CHECK(leaf.grad().array() == Tensor<double>{{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}}.array());
  CHECK(std::isnan(max_pool1d(Tensor<double>{1, NAN, 3}, 3).item()));
}

TEST_CASE("pooling has derivatives of any order") {
  const Tensor<double> x = sample({2, 3, 5, 6});
  check_gradients([](const Tensor<double>& a) { return max_pool2d(a, 2); }, {x});
  check_gradients([](const Tensor<double>& a) { return max_pool2d(a, {2, 3}, {.stride = 1, .padding = 1}); }, {x});
  check_gradients([](const Tensor<double>& a) { return avg_pool2d(a, {3, 2}, {.stride = 2, .padding = {1, 0}}); }, {x});
  check_gradients([](const Tensor<double>& a) { return max_pool1d(a, 3); }, {x});
  check_gradients(
      [](const Tensor<double>& a) {
        const Tensor<double> y = avg_pool1d(a, 3, {.stride = 2, .padding = 1});
        return duet::tensor::mul(y, y);
      },
      {x});
}

TEST_CASE("shapes that do not fit are errors") {
  const Tensor<double> x = sample({1, 2, 4, 4}), w = sample({3, 2, 3, 3});
  CHECK_THROWS_AS(conv2d(x, sample({3, 1, 3, 3})), duet::ShapeError);
  CHECK_THROWS_AS(conv2d(x, sample({3, 2, 3})), duet::ShapeError);
  CHECK_THROWS_AS(conv2d(x, sample({3, 2, 5, 5})), duet::ShapeError);
  CHECK_THROWS_AS(conv2d(x, w, sample({2})), duet::ShapeError);
  CHECK_THROWS_AS(conv2d(x, w, {}, {.stride = 0}), duet::ShapeError);
  CHECK_THROWS_AS(conv2d(x, w, {}, {.groups = 2}), duet::ShapeError);
  CHECK_THROWS_AS(conv1d(x, w), duet::ShapeError);
  CHECK_THROWS_AS(max_pool2d(x, 5), duet::ShapeError);
  CHECK_THROWS_AS(max_pool2d(x, 2, {.padding = 2}), duet::ShapeError);
  CHECK_THROWS_AS(max_pool2d(sample({3}), 2), duet::ShapeError);
}
