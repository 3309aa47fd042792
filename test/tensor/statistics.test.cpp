// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Variances and norms: values, edges, and derivatives.
#include <doctest/doctest.h>

#include <duet/tensor/statistics.hpp>

#include "reference.hpp"

using check::check_gradients;
using check::check_reduction;
using check::sample;
using check::some_axes;
using duet::Axes;
using duet::Tensor;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
const double orders[] = {1, 1.5, 2, 3, infinity};

template <class T>
double variance(const std::vector<T>& line, double correction) {
  double mean = 0, sum = 0;
  for (T x : line) mean += x / static_cast<double>(line.size());
  for (T x : line) sum += (x - mean) * (x - mean);
  return sum / std::max(0.0, static_cast<double>(line.size()) - correction);
}

template <class T>
double norm_of(const std::vector<T>& line, double order) {
  double sum = 0;
  for (T x : line) {
    sum = std::isinf(order) ? std::max<double>(sum, std::abs(x)) : sum + std::pow(std::abs(x), order);
  }
  return std::isinf(order) ? sum : std::pow(sum, 1 / order);
}

template <class T>
void check_values(double tolerance) {
  using Line = std::vector<T>;
  for (double correction : {0.0, 1.0}) {
    check_reduction<T>([&](const auto&... x) { return var(x..., correction); },
                       [&](const Line& line) { return variance(line, correction); }, tolerance);
    check_reduction<T>([&](const auto&... x) { return duet::std(x..., correction); },
                       [&](const Line& line) { return std::sqrt(variance(line, correction)); }, tolerance);
  }
  for (double order : orders) {
    check_reduction<T>([&](const auto& x, const auto&... more) { return norm(x, order, more...); },
                       [&](const Line& line) { return norm_of(line, order); }, tolerance);
  }
}
}  // namespace

TEST_CASE("variances and norms are what their definitions say, over any axes") {
  check_values<double>(1e-13);
  check_values<float>(1e-5);
}

TEST_CASE("derivatives of variances and norms are the limits of differences") {
  const Tensor<double> x = sample({2, 3, 4}, -2, 3), far_from_zero = check::weights<double>({2, 3, 4});
  for (const Axes& axes : some_axes) {
    const bool keep_dims = axes.list.size() == 2;
    check_gradients([&](const auto& t) { return duet::std(t, axes, keep_dims); }, {x}, 1e-7);
    check_gradients([&](const auto& t) { return var(t, axes, keep_dims, 0); }, {x});
    for (double order : orders) {
      check_gradients([&](const auto& t) { return norm(t, order, axes, keep_dims); }, {far_from_zero});
    }
  }
}

TEST_CASE("the deviation of numbers that lie far from zero is theirs, not their mean's") {
  CHECK(var(Tensor<double>{1e8 + 1, 1e8 + 2, 1e8 + 3}).item() == 1);
  CHECK(duet::std(Tensor<float>{10001, 10002, 10003}).item() == 1);
}

TEST_CASE("a variance with too few numbers is NaN") {
  CHECK(std::isnan(var(Tensor<double>{3}).item()));
  CHECK(var(Tensor<double>{3}, {}, false, 0).item() == 0);
}

TEST_CASE("norms neither overflow nor vanish before their elements do") {
  for (double scale : {1e-200, 1.0, 1e200}) {
    CHECK(norm(Tensor<double>{3 * scale, 4 * scale}).item() == doctest::Approx(5 * scale).epsilon(1e-15));
    CHECK(norm(Tensor<double>{scale, scale}, 3).item() == doctest::Approx(std::cbrt(2) * scale).epsilon(1e-15));
  }
  CHECK(norm(Tensor<double>{1, -infinity}).item() == infinity);
  CHECK(norm(Tensor<double>{1, -infinity}, 3).item() == infinity);
  CHECK(std::isnan(norm(Tensor<double>{1, std::nan("")}).item()));
  CHECK(std::isnan(norm(Tensor<double>{1, std::nan("")}, 3).item()));
  CHECK(norm(Tensor<double>::full({0}, 1)).item() == 0);
}

TEST_CASE("derivatives of norms and deviations at their kinks are zero, of any order") {
  for (double order : orders) {
    INFO("order ", order);
    Tensor<double> x{0, 0, 0};
    x.requires_grad();
    const auto first = duet::autograd::grad<double>({norm(x, order)}, {x}, {.create_graph = true});
    CHECK(first[0].array() == xt::xarray<double>{0, 0, 0});
    if (!first[0].needs_grad()) continue;
    const auto second = duet::autograd::grad<double>({sum(first[0])}, {x}, {.allow_unused = true});
    if (second[0].defined()) CHECK(second[0].array() == xt::xarray<double>{0, 0, 0});
  }
  Tensor<double> same{2, 2, 2};
  same.requires_grad();
  duet::std(same).backward();
  CHECK(same.grad().array() == xt::xarray<double>{0, 0, 0});
}

TEST_CASE("only positive orders have a norm") {
  const Tensor<double> x{1, 2};
  CHECK_THROWS_AS(norm(x, 0), duet::Error);
  CHECK_THROWS_AS(norm(x, -1), duet::Error);
  CHECK_THROWS_AS(norm(x, std::nan("")), duet::Error);
  CHECK_THROWS_AS(norm(x, 2, 1), duet::ShapeError);
}

TEST_CASE("a formula has a norm, too, and the norm is a number to compare") {
  Tensor<double> b{0.5, 1};
  while (norm(b * 2) < 1000) b = b * 2;
  CHECK(norm(b).item() >= 500);
  CHECK(norm(b).item() < 1000);
}

using namespace duet;
TEST_CASE("the function std is no obstacle to the namespace std") {
  const std::vector<double> numbers{1, 2};
  CHECK(duet::std(Tensor<double>{numbers[0], numbers[1]}).item() == doctest::Approx(std::sqrt(0.5)));
}
