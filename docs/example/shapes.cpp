// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/shapes.md.
#include <cstdio>
#include <duet/tensor.hpp>

namespace {

using duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }

void shapes() {
  const Tensor<double> x = reshape(duet::arange(6.0), {2, -1});  // {{0, 1, 2}, {3, 4, 5}}
  check(transpose(x).array() == Tensor<double>{{0, 3}, {1, 4}, {2, 5}}.array());
  check(flip(x, 1).array() == Tensor<double>{{2, 1, 0}, {5, 4, 3}}.array());
  check(roll(x, 1, 1).array() == Tensor<double>{{2, 0, 1}, {5, 3, 4}}.array());
  check(duet::concatenate({x, x}).shape() == duet::Shape{4, 3});
  check(duet::stack({x, x}).shape() == duet::Shape{2, 2, 3});
  check(pad(x, {{0, 1}}, -1).array() == Tensor<double>{{0, 1, 2, -1}, {3, 4, 5, -1}}.array());
}

void reading() {
  using namespace duet;
  const Tensor<double> x = reshape(arange(12.0), {3, 4});
  check(x(1, 2).item() == 6);
  const Tensor<double> row = x(-1);                           // the last one
  const Tensor<double> part = x(range(0, 2), all());          // x[0:2, :]
  const Tensor<double> turned = x(range(none, none, -1));     // x[::-1]
  const Tensor<double> columns = x(all(), Indices{3, 0, 3});  // x[:, [3, 0, 3]]
  const Tensor<double> large = x(x > 8);                      // x[x > 8]
  check(columns.shape() == Shape{3, 3});
  check(large.array() == xt::xarray<double>{9, 10, 11});
}

void writing() {
  Tensor<double> x{3, 4};
  x.requires_grad();
  Tensor<double> y = duet::zeros({1, 2});
  y(0, 0) = x(0) * x(0) + x(1);
  y(0, 1) = x(1) * x(1) * x(1) + x(0);
  const Tensor<double> out = 2 * y;
  out.backward({.gradient = Tensor<double>{{1, 1}}});
  check(x.grad().array() == xt::xarray<double>{14, 98});
  y(duet::all(), 1) += 100;
}

void scattering() {
  const Tensor<double> votes{1, 2, 3};
  const Tensor<double> sums = scatter_add(duet::zeros({3}), 0, {0, 2, 0}, votes);
  check(sums.array() == xt::xarray<double>{4, 0, 2});
}

}  // namespace

int main() {
  shapes();
  reading();
  writing();
  scattering();
  if (!good) std::puts("a check failed");
  return good ? 0 : 1;
}
