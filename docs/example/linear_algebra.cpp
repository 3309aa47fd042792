// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/linear_algebra.md.
#include <cmath>
#include <cstdio>
#include <duet/tensor/conv.hpp>
#include <duet/tensor/create.hpp>
#include <duet/tensor/einsum.hpp>
#include <duet/tensor/engine.hpp>
#include <duet/tensor/linalg/decompose.hpp>
#include <duet/tensor/linear.hpp>
#include <duet/tensor/pool.hpp>

namespace {

using duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }

void products() {
  const Tensor<double> a = duet::ones({5, 2, 3}), b = duet::ones({3, 4}), x = duet::ones({3});
  check(matmul(a, b).shape() == duet::Shape{5, 2, 4});  // five matrices by one
  check(matmul(a, x).shape() == duet::Shape{5, 2});
  check(dot(x, x).item() == 3);
  check(einsum("nij,jk->nki", a, b).shape() == duet::Shape{5, 4, 2});
}

void layer() {
  const Tensor<double> x = duet::ones({16, 1000});
  Tensor<double> weight = duet::zeros({100, 1000}).requires_grad(), bias = duet::zeros({100}).requires_grad();
  const Tensor<double> y = linear(x, weight, bias);  // x W' + b
  sum(y).backward();
  check(weight.grad().shape() == weight.shape() && bias.grad().data()[0] == 16);
}

void equations() {
  Tensor<double> a{{2, 1}, {1, 3}}, b{3.0, 5.0};
  a.requires_grad();
  const Tensor<double> x = solve(a, b);
  check(std::abs(x.data()[0] - 0.8) < 1e-15 && std::abs(x.data()[1] - 1.4) < 1e-15);

  const Tensor<double> volume = slogdet(a).logabsdet;  // of a Gaussian's density, for example
  volume.backward();
  check(std::abs(a.grad().data()[0] - 0.6) < 1e-15);  // the inverse, transposed
}

void singular() {
  bool refused = false;
  try {
    solve(Tensor<double>{{1, 2}, {2, 4}}, duet::ones({2}));
  } catch (const duet::Error&) {
    refused = true;
  }
  check(refused);
}

void eigenvalues() {
  Tensor<double> a{{2, 1}, {1, 2}};
  a.requires_grad();
  const auto [values, vectors] = eigh(a);
  check(std::abs(values.data()[0] - 1) < 1e-15 && std::abs(values.data()[1] - 3) < 1e-15);
  sum(values * values).backward();  // the sum of squares of all elements
  check(std::abs(a.grad().data()[0] - 4) < 1e-14 && std::abs(a.grad().data()[1] - 2) < 1e-14);
}

void images() {
  const Tensor<double> x = duet::ones({8, 3, 32, 32}), w = duet::ones({16, 3, 3, 3});
  const Tensor<double> y = conv2d(x, w, {}, {.stride = 2, .padding = 1});
  check(y.shape() == duet::Shape{8, 16, 16, 16});
  check(max_pool2d(y, 2).shape() == duet::Shape{8, 16, 8, 8});
  check(avg_pool2d(y, {4, 2}, {.stride = 1}).shape() == duet::Shape{8, 16, 13, 15});
}

}  // namespace

int main() {
  products();
  layer();
  equations();
  singular();
  eigenvalues();
  images();
  std::puts(good ? "ok" : "wrong");
  return !good;
}
