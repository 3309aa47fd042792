// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// Assigning to parts of tensors: what changes, what is recorded, what is refused.
#include "check.hpp"

#include <xtensor/xtensor.hpp>

#include <duet/tensor/create.hpp>
#include <duet/tensor/selection.hpp>

using check::check_gradients;
using check::same;
using check::sample;
using check::squared;
using duet::all;
using duet::Indices;
using duet::InplaceError;
using duet::none;
using duet::range;
using duet::ShapeError;
using duet::Tensor;

TEST_CASE("numbers, tensors, formulas and parts are assigned, and broadcast") {
  Tensor<double> x = duet::zeros({3, 3});
  const double* const memory = x.data();
  x(0, 1) = 5;
  same(x, {{0, 5, 0}, {0, 0, 0}, {0, 0, 0}});
  x(1) = Tensor<double>{1, 2, 3};
  same(x, {{0, 5, 0}, {1, 2, 3}, {0, 0, 0}});
  x(range(0, 2), all()) += 1;
  same(x, {{1, 6, 1}, {2, 3, 4}, {0, 0, 0}});
  x(2) = x(1);
  x[2][0] = -1;
  same(x, {{1, 6, 1}, {2, 3, 4}, {-1, 3, 4}});
  x(all(), range(none, none, 2)) = Tensor<double>{{7, 8}};
  same(x, {{7, 6, 8}, {7, 3, 8}, {7, 3, 8}});
  x(all(), Indices{0, 2}) = Tensor<double>{{1}, {2}, {3}};
  same(x, {{1, 6, 1}, {2, 3, 2}, {3, 3, 3}});
  x(xt::xtensor<std::ptrdiff_t, 2>{{0}, {1}}, Indices{0, 1}) = Tensor<double>{10, 20};
  same(x, {{10, 20, 1}, {10, 20, 2}, {3, 3, 3}});
  x(x > 9) *= 0.5;
  same(x, {{5, 10, 1}, {5, 10, 2}, {3, 3, 3}});
  x(1, 1) = Tensor<double>{{4}};
  x() -= 1;
  same(x, {{4, 9, 0}, {4, 3, 1}, {2, 2, 2}});
  CHECK(x.data() == memory);
  auto row = x(2);
  row = 0;
  same(x, {{4, 9, 0}, {4, 3, 1}, {0, 0, 0}});
}

TEST_CASE("a part may be assigned from what it overlaps with") {
  Tensor<double> x = duet::arange(5.0);
  x(range(1, none)) = x(range(none, -1));
  same(x, {0, 0, 1, 2, 3});
  x(range(none, none, -1)) = x;
  same(x, {3, 2, 1, 0, 0});
}

TEST_CASE("an assignment is recorded where it was made: before and after are different values") {
  Tensor<double> w = Tensor<double>{1, 2, 3}.requires_grad();
  Tensor<double> y = w * 2;
  Tensor<double> before = y * 5;
  y(1) = w(0) * w(2);
  CHECK(y.grad_fn()->name() == "Assign");
  sum(y + before).backward();
  same(w.grad(), {2 + 10 + 3, 10, 2 + 10 + 1});
}

TEST_CASE("numbers cut the gradient off, also where nothing else is recorded") {
  Tensor<double> w = Tensor<double>{1, 2, 3}.requires_grad();
  Tensor<double> y = w * w;
  y(range(0, 2)) = 0;
  CHECK(y.grad_fn()->edges().size() == 1);
  sum(y).backward();
  same(w.grad(), {0, 0, 6});
  Tensor<double> plain = duet::zeros({2});
  plain(0) = 1;
  CHECK(plain.is_leaf());
}

TEST_CASE("a gradient that others hold is not changed by the sweep that goes through an assignment") {
  Tensor<double> w = Tensor<double>{1, 2}.requires_grad();
  Tensor<double> y = w * w;
  y(0) = 3;
  const Tensor<double> seed{1, 1};
  y.backward({.gradient = seed, .retain_graph = true});
  same(seed, {1, 1});
  Tensor<double> z = y + w;  // the same cotangent goes to y and to w
  w.zero_grad();
  sum(z).backward();
  same(w.grad(), {1, 5});
}

TEST_CASE("many assignments to single elements have the gradient of the whole") {
  Tensor<double> w = sample({200}).requires_grad();
  Tensor<double> y = duet::zeros({200});
  for (int i = 0; i < 200; ++i) y(i) = w(199 - i);
  sum(squared(y)).backward();
  const std::vector<double> at = w.vector(), gradient = w.grad().vector();
  bool right = true;
  for (std::size_t i = 0; i < 200; ++i) right = right && gradient[i] == 2 * at[i];
  CHECK(right);
}

TEST_CASE("what may not be changed in place is refused, and stays as it was") {
  Tensor<double> w = Tensor<double>{1, 2, 3}.requires_grad();
  CHECK_THROWS_AS(w(0) = 1, InplaceError);
  CHECK_THROWS_AS(w(0) += 1, InplaceError);
  {
    const duet::NoGrad guard;
    w(0) = 7;
  }
  CHECK(w.is_leaf());
  CHECK(w(0).item() == 7);
  Tensor<double> x = duet::arange(4.0);
  const Tensor<double> view = reshape(x, {2, 2});
  CHECK_THROWS_AS(x(0) = 1, InplaceError);
  Tensor<double> y = duet::arange(4.0);
  CHECK_THROWS_WITH_AS((y(range(0, 2)) = Tensor<double>{1, 2, 3}), doctest::Contains("(2,) and (3,)"), ShapeError);
  CHECK_THROWS_WITH_AS((y(0) = Tensor<double>{1, 2, 3}), doctest::Contains("larger"), ShapeError);
  CHECK_THROWS_AS((y(Indices{1, 1}) = Tensor<double>{1, 2}), duet::Error);
  CHECK_THROWS_AS((y(Indices{1, 1}) += 1), duet::Error);
  same(y, {0, 1, 2, 3});
  y(Indices{1, 1}) = 5;
  same(y, {0, 5, 2, 3});
}

TEST_CASE("a value saved before an assignment is an error in the sweep, never a wrong number") {
  Tensor<double> w = Tensor<double>{1, 2, 3}.requires_grad();
  Tensor<double> y = w * 1;
  Tensor<double> z = y * y;
  y(0) = 3;
  CHECK_THROWS_AS(sum(z).backward(), InplaceError);
}

TEST_CASE("derivatives of assignments agree with differences") {
  const auto check = [](const auto& assign) {
    check_gradients(
        [&](const Tensor<double>& x, const Tensor<double>& v) {
          Tensor<double> y = squared(x);
          assign(y, squared(v));
          return squared(y);
        },
        {sample({3, 2}, 0.5, 1.5), sample({1, 2}, 0.5, 1.5)});
  };
  check([](auto& y, const auto& v) { y(1) = v; });
  check([](auto& y, const auto& v) { y(range(none, none, 2)) = v; });
  check([](auto& y, const auto& v) { y(Indices{2, 0}) = v; });
  check([](auto& y, const auto& v) { y(0, 1) = v(0, 0); });
  check([](auto& y, const auto& v) { y(range(0, 2)) *= v; });
  check([](auto& y, const auto& v) { y(y > 1) = v(0, 1); });
  check([](auto& y, const auto&) { y(0) = 3; });
}
