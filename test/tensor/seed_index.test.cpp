// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// What the seed documents show about elements, joining, and changes in place.
#include <doctest/doctest.h>

#include <duet/tensor/create.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/join.hpp>
#include <duet/tensor/selection.hpp>

using duet::Tensor;

TEST_CASE("000-inplace: a = exp(a) makes a new tensor, a(0) = 10 changes the elements where they are") {
  Tensor<double> a{1, 2, 3};
  const double* const before = a.data();
  Tensor<double> old = a;
  a = exp(a);
  CHECK(a.data() != before);
  CHECK(old.array() == xt::xarray<double>{1, 2, 3});
  const double* const made = a.data();
  a(0) = 10;
  CHECK(a.data() == made);
  CHECK(a(0).item() == 10);
  CHECK(a(1).item() == std::exp(2.0));
}

TEST_CASE("000-inplace: a backward sweep that needs the value from before is an error, never a wrong number") {
  Tensor<double> x{1, 2, 3};
  x.requires_grad();
  Tensor<double> a = exp(x);
  Tensor<double> squares = a * a;
  a(0) = 10;
  CHECK_THROWS_AS(sum(squares).backward(), duet::InplaceError);
  CHECK(!x.grad().defined());
}

TEST_CASE("000-inplace: a backward sweep that needs the value from after goes through the assignment") {
  Tensor<double> x{1, 2, 3};
  x.requires_grad();
  Tensor<double> a = exp(x);
  a(0) = 10;
  sum(a * a).backward();
  CHECK(x.grad().vector()[0] == 0);
  CHECK(x.grad().vector()[1] == doctest::Approx(2 * std::exp(4.0)));
  CHECK(x.grad().vector()[2] == doctest::Approx(2 * std::exp(6.0)));
}

TEST_CASE("003-weights: the gradient of joined results is the sum of theirs with the weights given") {
  for (double second : {1.0, 2.0}) {
    Tensor<double> x{2}, w{1};
    x.requires_grad();
    w.requires_grad();
    Tensor<double> a = x + w, b = w + 1;
    Tensor<double> y0 = a * b, y1 = a + b;
    Tensor<double> loss = duet::concatenate({y0, y1}, 0);
    CHECK(loss.array() == xt::xarray<double>{6, 5});
    duet::autograd::backward<double>({loss}, {Tensor<double>{1, second}}, {.retain_graph = true});
    CHECK(w.grad().item() == (second == 1 ? 7 : 9));
    CHECK(x.grad().item() == (second == 1 ? 3 : 4));
  }
}

TEST_CASE("004-index: a result that is assembled element by element has the gradient of its elements") {
  Tensor<double> x{{3, 4}};
  x.requires_grad();
  Tensor<double> y = duet::zeros({1, 2});
  y(0, 0) = x(0, 0) * x(0, 0) + x(0, 1);
  y(0, 1) = x(0, 1) * x(0, 1) * x(0, 1) + x(0, 0);
  Tensor<double> out = 2 * y;
  out.backward({.gradient = Tensor<double>{{1, 1}}, .retain_graph = true});
  CHECK(x.grad().array() == Tensor<double>{{14, 98}}.array());
  x.zero_grad();
  out.backward({.gradient = Tensor<double>{{1, 0}}, .retain_graph = true});
  CHECK(x.grad().array() == Tensor<double>{{12, 2}}.array());
  x.zero_grad();
  out.backward({.gradient = Tensor<double>{{0, 1}}});
  CHECK(x.grad().array() == Tensor<double>{{2, 96}}.array());
}
