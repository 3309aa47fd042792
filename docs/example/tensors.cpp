// Copyright (c) 2026 the Duet authors. Distributed under the Boost Software License 1.0 (LICENSE).
// The code of docs/tensors.md.
#include <cmath>
#include <cstdio>
#include <duet/tensor.hpp>

namespace {

using duet::Tensor;

bool good = true;
void check(bool holds) { good = good && holds; }

void first() {
  Tensor<double> x = duet::arange(4.0).requires_grad();  // 0, 1, 2, 3
  const Tensor<double> y = 2 * sum(x * x);
  y.backward();
  check(x.grad().array() == xt::xarray<double>{0, 4, 8, 12});  // 4 x
}

void accumulation() {
  Tensor<double> x = duet::ones({3}).requires_grad();
  check(!x.grad().defined());
  sum(x * x).backward();
  sum(x).backward();  // adds to the gradient
  check(x.grad().array() == xt::xarray<double>{3, 3, 3});
  x.zero_grad();  // zeros, in the same memory
  check(x.grad().array() == xt::xarray<double>{0, 0, 0});
}

void statements() {
  Tensor<double> x = duet::linspace(0, 1, 1000).requires_grad();
  Tensor<double> a = 3.0, b{{1}, {2}};
  a.requires_grad();
  const Tensor<double> y = exp(-x * x) * a + b;  // one pass over memory, one node of the graph
  check(y.shape() == duet::Shape{2, 1000});      // (1000,), () and (2, 1) broadcast
  const auto part = tanh(x) + 1;                 // a formula, nothing is computed yet
  const Tensor<double> z = part * part - x;      // it becomes part of this statement
  sum(z).backward();
  check(std::abs(x.grad().data()[0] - 1) < 1e-12);
}

void again() {
  Tensor<double> x = 3.0;
  x.requires_grad();
  const Tensor<double> y = x * x;
  y.backward({.retain_graph = true});
  y.backward();
  check(x.grad().item() == 12);
  bool freed = false;
  try {
    y.backward();
  } catch (const duet::GraphFreedError&) {
    freed = true;  // the second sweep was told to be the last
  }
  check(freed);
}

void higher() {
  Tensor<double> x = 3.0;
  x.requires_grad();
  const Tensor<double> y = x * x * x;
  const auto first = duet::autograd::grad<double>({y}, {x}, {.create_graph = true});
  check(first[0].item() == 27);
  const auto second = duet::autograd::grad<double>({first[0]}, {x});
  check(second[0].item() == 18);
}

void modes() {
  Tensor<double> x = duet::ones({2}).requires_grad();
  {
    const duet::NoGrad guard;
    const Tensor<double> y = x * 2;
    check(!y.needs_grad());
    x -= 0.5;  // leaves may be changed here, as optimisers do
  }
  const Tensor<double> u = Tensor<double>(x * x).detach();  // a constant from here on
  sum(u * x).backward();
  check(x.grad().array() == u.array());
}

void in_place() {
  Tensor<double> x = duet::ones({3}).requires_grad();
  Tensor<double> y = x * 2;
  const Tensor<double> z = y * y;  // its derivative needs y
  y += 1;                          // which changes
  bool refused = false;
  try {
    sum(z).backward();
  } catch (const duet::InplaceError&) {
    refused = true;  // never a wrong number
  }
  check(refused);
}

void maps() {
  const auto lennard_jones = [](const auto& r, const auto& depth) {
    const auto s = 1 / (r * r * r * r * r * r);
    return 4 * depth * (s * s - s);
  };
  Tensor<double> r = duet::linspace(0.9, 2.5, 1000).requires_grad();
  Tensor<double> depth = 1.5;
  depth.requires_grad();
  const Tensor<double> energy = duet::map_sum(lennard_jones, each(r), depth);
  energy.backward();  // the derivatives came along with the sum
  check(std::abs(depth.grad().item() - energy.item() / 1.5) < 1e-9);
}

void memory() {
  duet::reset_peak_memory();
  const std::size_t before = duet::tensor_memory().allocations;
  const Tensor<double> x = duet::ones({100000});
  const Tensor<double> y = exp(-x) * x + 1;
  check(duet::tensor_memory().allocations - before == 2);  // x and y, nothing in between
}

}  // namespace

int main() {
  first();
  accumulation();
  statements();
  again();
  higher();
  modes();
  in_place();
  maps();
  memory();
  std::puts(good ? "ok" : "wrong");
  return !good;
}
