// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Reductions along axes on a device: values, gradients and gradients of gradients are those of host tensors, but for
// the order of their sums, and the same on every run.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include <duet/device.hpp>

using duet::Axes;
using duet::Device;
using duet::Host;
using duet::Reduction;
using duet::Shape;
using duet::Tensor;
using Labels = xt::xarray<std::ptrdiff_t>;

namespace {

/// Numbers between -2 and 2 without any order.
template <class T>
Tensor<T, Host> numbers(const Shape& shape, std::size_t seed = 0) {
  Tensor<T, Host> x = Tensor<T, Host>::uninitialized(shape);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = static_cast<double>(i + 1 + 11 * seed) * 0.7548776662466927 + 0.1;
    x.data()[i] = static_cast<T>(4 * (at - std::floor(at)) - 2);
  }
  return x;
}

/// What `f` makes of `x`, a gradient of that, and a gradient of the gradient.
template <class P, class T, class F>
std::vector<Tensor<T, P>> results(const F& f, const Tensor<T, Host>& at) {
  Tensor<T, P> x = at.template to<P>();
  x.requires_grad();
  const auto gradient = [&](const Tensor<T, P>& y, std::size_t seed) {
    const Tensor<T, P> w = numbers<T>(y.shape(), seed).template to<P>();
    return duet::autograd::grad<T, P>({y}, {x}, {.grad_outputs = {w}, .create_graph = true, .allow_unused = true})[0];
  };
  std::vector<Tensor<T, P>> all{f(x)};
  for (std::size_t k = 0; k < 2 && all.back().defined() && all.back().needs_grad(); ++k) {
    all.push_back(gradient(all.back(), k + 1));
  }
  return all;
}

/// Fails unless the numbers of `a` are those of `b`, but for the tolerance.
template <class T>
void close(const std::vector<T>& a, const std::vector<T>& b, T tolerance) {
  REQUIRE(a.size() == b.size());
  const auto fits = [&](std::size_t i) {
    return a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])) || std::abs(a[i] - b[i]) <= tolerance;
  };
  std::size_t i = 0;
  while (i < a.size() && fits(i)) ++i;
  if (i == a.size()) return;
  FAIL_CHECK("entry ", i, ": ", a[i], " on the device, expected ", b[i], " up to ", tolerance);
}

/// What rounding does to sums of so many numbers.
template <class T>
T rounding(const std::vector<T>& x, std::size_t depth) {
  T largest = 1;
  for (T number : x) largest = std::isfinite(number) ? std::max(largest, std::abs(number)) : largest;
  return 8 * std::numeric_limits<T>::epsilon() * largest * static_cast<T>(4 + std::sqrt(depth));
}

template <class T, class F>
void agree(const F& f, const Tensor<T, Host>& x) {
  const auto here = results<Host>(f, x);
  const auto there = results<Device>(f, x), again = results<Device>(f, x);
  REQUIRE(there.size() == here.size());
  for (std::size_t k = 0; k < here.size(); ++k) {
    INFO("derivative ", k, ", shape ", duet::to_string(x.shape()));
    REQUIRE(there[k].defined() == here[k].defined());
    if (!there[k].defined()) continue;
    CHECK(there[k].shape() == here[k].shape());
    const std::vector<T> numbers = there[k].vector(), expected = here[k].vector();
    close(numbers, expected, rounding(expected, x.size() / std::max<std::size_t>(1, here[0].size())));
    close(again[k].vector(), numbers, T(0));
  }
}

/// Lines of every kind: short and long ones, neighbours and such as lie side by side, many and few.
struct Case {
  Shape shape;
  Axes axes;
};
const std::vector<Case> cases{{{1}, 0},
                              {{3, 1, 2}, 1},
                              {{7, 3}, 1},
                              {{5, 49}, 1},
                              {{600, 40}, 1},
                              {{9, 700}, 1},
                              {{4500, 300}, 1},
                              {{2, 20000}, 1},
                              {{3, 2}, 0},
                              {{40, 7}, 0},
                              {{30, 100}, 0},
                              {{300, 700}, 0},
                              {{20000, 3}, 0},
                              {{6, 33, 5}, 1},
                              {{6, 33, 5}, {0, 2}},
                              {{3, 50, 40}, {0, 2}},
                              {{4, 3, 5, 2, 6}, {1, 3}},
                              {{70, 90}, {}}};
const std::vector<Case> small_cases{{{2, 3}, 1},  {{2, 3}, 0},  {{6, 8}, {}},
                                    {{3, 40}, 1}, {{40, 3}, 0}, {{2, 3, 4}, {0, 2}}};

template <class T>
void check_softmax(const Case& c) {
  const std::ptrdiff_t axis = c.axes.list[0];
  agree([&](const auto& x) { return softmax(x, axis); }, numbers<T>(c.shape));
  agree([&](const auto& x) { return log_softmax(x, axis); }, numbers<T>(c.shape));
}

template <class T>
void check_reductions(const Case& c, bool keep_dims) {
  const Tensor<T, Host> x = numbers<T>(c.shape);
  agree([&](const auto& t) { return logsumexp(t, c.axes, keep_dims); }, x);
  agree([&](const auto& t) { return amax(t, c.axes, keep_dims); }, x);
  agree([&](const auto& t) { return amin(t, c.axes, keep_dims); }, x);
  agree([&](const auto& t) { return var(t, c.axes, keep_dims, 0); }, x);
  agree([&](const auto& t) { return norm(t, 2, c.axes, keep_dims); }, x);
}

template <class T>
void check_classes(const Shape& shape) {
  Shape of_labels = shape;
  of_labels.erase(of_labels.begin() + (shape.size() > 1 ? 1 : 0));
  const std::size_t classes = shape[shape.size() > 1 ? 1 : 0];
  Labels labels = Labels::from_shape(of_labels);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels.data()[i] = i % 5 == 3 ? -100 : static_cast<std::ptrdiff_t>(i * 7 % classes);
  }
  const Tensor<T, Host> weight = duet::tensor::add(numbers<T>({classes}), T(3));
  for (bool is_weighted : {false, true}) {
    const auto options = [&]<class P>(const Tensor<T, P>&, Reduction reduction) {
      duet::ClassOptions<T, P> result{.reduction = reduction};
      if (is_weighted) result.weight = weight.template to<P>();
      return result;
    };
    for (Reduction reduction : {Reduction::none, Reduction::mean}) {
      agree([&](const auto& x) { return cross_entropy(x, labels, options(x, reduction)); }, numbers<T>(shape));
    }
    agree([&](const auto& x) { return nll_loss(x, labels, options(x, Reduction::mean)); }, numbers<T>(shape));
  }
}

}  // namespace

TEST_CASE("softmax on a device is that of the host, along lines of every kind") {
  for (const Case& c : cases) {
    if (c.axes.list.size() != 1) continue;
    check_softmax<double>(c);
    check_softmax<float>(c);
  }
}

TEST_CASE("reductions on a device are those of the host, along lines of every kind") {
  for (const Case& c : cases) {
    check_reductions<double>(c, false);
    check_reductions<float>(c, true);
  }
}

TEST_CASE("further norms, deviations, products and running sums on a device are those of the host") {
  for (const Case& c : small_cases) {
    const Tensor<double, Host> x = numbers<double>(c.shape);
    agree([&](const auto& t) { return duet::std(t, c.axes); }, x);
    agree([&](const auto& t) { return norm(t, 3, c.axes); }, x);
    agree([&](const auto& t) { return norm(t, 1, c.axes); }, x);
    agree([&](const auto& t) { return prod(t, c.axes); }, x);
    if (c.axes.list.size() != 1) continue;
    agree([&](const auto& t) { return cumsum(t, c.axes.list[0]); }, x);
    agree([&](const auto& t) { return cumprod(t, c.axes.list[0]); }, x);
  }
}

TEST_CASE("losses of classes on a device are those of the host") {
  for (const Shape& shape : {Shape{5}, {4, 3}, {33, 10}, {64, 1000}, {6, 5, 7}, {2, 3, 5, 4}}) {
    check_classes<double>(shape);
    check_classes<float>(shape);
  }
}

TEST_CASE("places of extremes and truth values along axes on a device are those of the host") {
  for (const Case& c : cases) {
    Tensor<double, Host> x = numbers<double>(c.shape);
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::floor(x.data()[i] * 3);
    const Tensor<double, Device> y = x.to<Device>();
    CHECK(any(y == 5, c.axes) == any(x == 5, c.axes));
    CHECK(all(y != 5, c.axes, true) == all(x != 5, c.axes, true));
    if (c.axes.list.size() != 1) continue;
    CHECK(argmax(y, c.axes.list[0]) == argmax(x, c.axes.list[0]));
    CHECK(argmin(y, c.axes.list[0]) == argmin(x, c.axes.list[0]));
  }
}

TEST_CASE("NaN and infinities on a device have the effects that they have on the host") {
  constexpr double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const Shape& shape : {Shape{8, 3}, {8, 100}, {8, 2000}, {3, 8}, {100, 8}, {2000, 8}}) {
    Tensor<double, Host> x = numbers<double>(shape);
    const std::ptrdiff_t axis = shape[0] == 8 ? 1 : 0;
    const std::size_t step = axis == 1 ? 1 : 8, line = axis == 1 ? shape[1] : 1, size = x.size() / 8;
    double* const a = x.data();
    a[0 * line + step] = nan;
    a[1 * line + 2 * step] = infinity;
    a[2 * line + step] = -infinity;
    for (std::size_t i = 0; i < size; ++i) {
      a[3 * line + i * step] = -infinity;
      a[4 * line + i * step] = 0;
      a[5 * line + i * step] *= 1e200;
      a[6 * line + i * step] *= 1e-200;
    }
    agree([&](const auto& t) { return softmax(t, axis); }, x);
    agree([&](const auto& t) { return log_softmax(t, axis); }, x);
    agree([&](const auto& t) { return logsumexp(t, axis); }, x);
    agree([&](const auto& t) { return amax(t, axis); }, x);
    agree([&](const auto& t) { return amin(t, axis); }, x);
    agree([&](const auto& t) { return var(t, axis); }, x);
    agree([&](const auto& t) { return norm(t, 2, axis); }, x);
    agree([&](const auto& t) { return norm(t, 3, axis); }, x);
    CHECK(argmax(x.to<Device>(), axis) == argmax(x, axis));
  }
}

TEST_CASE("lines without elements, and no lines at all") {
  for (const Shape& shape : {Shape{3, 0}, {0, 3}}) {
    const Tensor<double, Host> x = numbers<double>(shape);
    agree([](const auto& t) { return softmax(t, 1); }, x);
    agree([](const auto& t) { return logsumexp(t, 1); }, x);
    agree([](const auto& t) { return prod(t, 1); }, x);
    agree([](const auto& t) { return norm(t, 2, 1); }, x);
    agree([](const auto& t) { return var(t, 1); }, x);
  }
  CHECK_THROWS_AS(amax(numbers<double>({3, 0}).to<Device>(), 1), duet::ShapeError);
  CHECK_THROWS_AS(argmax(numbers<double>({3, 0}).to<Device>(), 1), duet::ShapeError);
}
